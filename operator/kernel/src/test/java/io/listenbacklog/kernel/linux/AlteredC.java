package io.listenbacklog.kernel.linux;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/** The C library, with some calls answered by a test. */
public final class AlteredC {
  private AlteredC() {}

  /** What answers a call in place of the kernel. */
  @FunctionalInterface
  public interface Answer {
    @Nullable Object to(Object[] arguments) throws Exception;
  }

  /** All calls go to the kernel, but those of this name. */
  public static LinuxC with(String call, Answer answer) {
    return with(new LibC(), call, answer);
  }

  /** As {@link #with(String, Answer)}, on top of another one. */
  public static LinuxC with(LinuxC below, String call, Answer answer) {
    return (LinuxC)
        Proxy.newProxyInstance(
            LinuxC.class.getClassLoader(),
            new Class<?>[] {LinuxC.class},
            (_, method, arguments) -> {
              if (method.getName().equals(call)) return answer.to(arguments);
              try {
                return method.invoke(below, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /** All calls go to the kernel, but those of this name fail. */
  public static LinuxC refusing(String call, int errno) {
    return with(
        call,
        _ -> {
          throw new SyscallException(call, errno);
        });
  }
}
