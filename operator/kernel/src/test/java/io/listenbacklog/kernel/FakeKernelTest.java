package io.listenbacklog.kernel;

class FakeKernelTest extends NodeKernelContract {
  @Override
  World world() {
    return new FakeWorld();
  }
}
