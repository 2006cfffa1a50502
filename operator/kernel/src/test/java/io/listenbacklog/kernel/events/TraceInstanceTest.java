package io.listenbacklog.kernel.events;

import io.listenbacklog.kernel.testing.CHeaders;
import io.listenbacklog.kernel.testing.HeadersContract;

class TraceInstanceTest implements HeadersContract {

  @Override
  public CHeaders said() {
    return new CHeaders().struct("pollfd", TraceInstance.POLLFD);
  }
}
