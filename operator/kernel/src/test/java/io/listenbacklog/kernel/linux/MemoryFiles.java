package io.listenbacklog.kernel.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A C library that knows some files, each with its content, and nothing else. */
public final class MemoryFiles {
  private final Map<String, byte[]> contents;
  private final List<Open> open = new ArrayList<>();

  private static final class Open {
    private final byte[] content;
    private int at;

    private Open(byte[] content) {
      this.content = content;
    }

    private int read(MemorySegment buffer) {
      int count = (int) Math.min(buffer.byteSize(), content.length - at);
      MemorySegment.copy(content, at, buffer, JAVA_BYTE, 0, count);
      at += count;
      return count;
    }
  }

  private MemoryFiles(Map<String, byte[]> contents) {
    this.contents = Map.copyOf(contents);
  }

  /** One with these contents by path; another path is ENOENT. */
  public static LinuxC with(Map<String, byte[]> contents) {
    var files = new MemoryFiles(contents);
    return (LinuxC)
        Proxy.newProxyInstance(
            LinuxC.class.getClassLoader(),
            new Class<?>[] {LinuxC.class},
            (_, method, arguments) ->
                switch (method.getName()) {
                  case "open" -> files.open((String) arguments[0]);
                  case "read", "getdents64" ->
                      files.open.get((int) arguments[0]).read((MemorySegment) arguments[1]);
                  case "close" -> null;
                  case "readlink" ->
                      files.readlink((String) arguments[0], (MemorySegment) arguments[1]);
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private int open(String path) throws SyscallException {
    open.add(new Open(content("open", path)));
    return open.size() - 1;
  }

  private int readlink(String path, MemorySegment buffer) throws SyscallException {
    return new Open(content("readlink", path)).read(buffer);
  }

  private byte[] content(String call, String path) throws SyscallException {
    var content = contents.get(path);
    if (content == null) throw new SyscallException(call, Errno.ENOENT);
    return content;
  }
}
