package io.listenbacklog.cli;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Gives up an answer that stops in the middle: the client's own timeout ends with the headers, and
 * it would wait for the rest for ever.
 *
 * @param millis for the body of an answer, from its headers to its last byte
 */
record WholeAnswers(int millis) implements Interceptor {
  @Override
  public void after(
      HttpRequest request,
      HttpResponse<?> response,
      AsyncBody.Consumer<List<ByteBuffer>> consumer) {
    if (!(response.body() instanceof AsyncBody body)) return;
    var _ =
        body.done()
            .orTimeout(millis, TimeUnit.MILLISECONDS)
            .whenComplete(
                (_, failure) -> {
                  if (failure instanceof TimeoutException) body.cancel();
                });
  }
}
