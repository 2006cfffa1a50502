package io.listenbacklog.probe.json;

import com.fasterxml.jackson.databind.ObjectWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/**
 * How many bytes of UTF-8 something takes as JSON in etcd, without a copy of it being made. The API
 * server writes what it stores anew, and Go's encoder writes {@code <}, {@code >} and {@code &} as
 * six characters each (encoding/json, {@code SetEscapeHTML}).
 */
public final class JsonSize {
  private static final int ESCAPED = 5; // more than the one there is

  private static final ObjectWriter JSON = Json.mapper().writer();

  private JsonSize() {}

  /** The size of anything that is made of records, lists, texts and numbers. */
  public static int of(Object value) {
    var counter = new Counter();
    try {
      JSON.writeValue(counter, value);
    } catch (IOException e) {
      throw new UncheckedIOException("a record that cannot be written as JSON", e);
    }
    return counter.bytes;
  }

  private static final class Counter extends OutputStream {
    private int bytes;

    @Override
    public void write(int each) {
      bytes += weight(each);
    }

    @Override
    public void write(byte[] from, int offset, int length) {
      int sum = length;
      for (int i = offset; i < offset + length; i++) sum += weight(from[i]) - 1;
      bytes += sum;
    }

    private static int weight(int each) {
      return each == '<' || each == '>' || each == '&' ? 1 + ESCAPED : 1;
    }
  }
}
