package dev.tfgraphs.examples;

import java.lang.reflect.Proxy;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Somebody's wish that a training ends: Ctrl-C, or a polite kill. The first is heard and noted; the
 * second ends the JVM at once.
 */
class Interrupt {
  private static final int NUMBER_OF_INT = 2;

  /** Ends when closed. */
  interface Listening {
    void close();
  }

  private volatile int signal;

  /** Whether the wish was heard. */
  boolean requested() {
    return signal != 0;
  }

  /** What a shell expects of a program that a signal ended: 130 after Ctrl-C. */
  int exitCode() {
    return 128 + (signal == 0 ? NUMBER_OF_INT : signal);
  }

  /** Notes the wish. */
  void request(int number) {
    signal = number;
  }

  /**
   * Hears signals until closed.
   *
   * @param first run when the first one comes
   * @param last run when the second one comes, before the JVM ends
   */
  Listening listen(Runnable first, Runnable last) {
    Optional<Object> before = handle("INT", first, last);
    Optional<Object> beforeTerm = handle("TERM", first, last);
    return () -> {
      before.ifPresent(handler -> restore("INT", handler));
      beforeTerm.ifPresent(handler -> restore("TERM", handler));
    };
  }

  private void hear(int number, Runnable first, Runnable last) {
    if (requested()) {
      last.run();
      Runtime.getRuntime().halt(exitCode());
    }
    request(number);
    first.run();
  }

  // By reflection, because the compiler warns of sun.misc.Signal, the one way to hear a signal
  // twice.

  private Optional<Object> handle(String name, Runnable first, Runnable last) {
    try {
      Class<?> type = Class.forName("sun.misc.SignalHandler");
      Object handler =
          Proxy.newProxyInstance(
              type.getClassLoader(),
              new Class<?>[] {type},
              (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  Object signal = arguments[0];
                  int number = (int) signal.getClass().getMethod("getNumber").invoke(signal);
                  hear(number, first, last);
                }
                return null;
              });
      return Optional.ofNullable(install(name, handler));
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      return Optional.empty(); // a JVM without signals ends at the first one
    }
  }

  private static void restore(String name, Object handler) {
    try {
      install(name, handler);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("signal " + name + ": expected to be released", e);
    }
  }

  private static @Nullable Object install(String name, Object handler)
      throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    return signal
        .getMethod("handle", signal, Class.forName("sun.misc.SignalHandler"))
        .invoke(null, signal.getConstructor(String.class).newInstance(name), handler);
  }
}
