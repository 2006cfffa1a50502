package io.listenbacklog.host;

import java.io.FileInputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;

/**
 * SIGHUP, by which services are told to read their files again. Java itself takes it for an end.
 *
 * <p>The only way to it is {@code sun.misc.Signal}, which the JDK keeps for want of another (JEP
 * 260), and of which javac warns in a manner that cannot be answered: so it is called by its name.
 * To look at the file's time instead would put into force what somebody has written half of.
 */
final class HangUp {
  private HangUp() {}

  /**
   * From now on it does this, in a thread of its own. Not where there is a controlling terminal,
   * which sends it when it is closed: there it is the end that it always was.
   *
   * @return whether it does: not with {@code -Xrs}, or in a Java without that class
   */
  static boolean does(Runnable what) {
    return !isOfTerminal() && handle(what);
  }

  private static boolean isOfTerminal() {
    try (var _ = new FileInputStream("/dev/tty")) { // ENXIO: there is none
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean handle(Runnable what) {
    try {
      var signal = Class.forName("sun.misc.Signal");
      var handler = Class.forName("sun.misc.SignalHandler");
      Object does =
          Proxy.newProxyInstance(
              HangUp.class.getClassLoader(),
              new Class<?>[] {handler},
              (_, method, arguments) -> {
                if (!method.getName().equals("handle")) return method.invoke(what, arguments);
                what.run();
                return null;
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), does);
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }
}
