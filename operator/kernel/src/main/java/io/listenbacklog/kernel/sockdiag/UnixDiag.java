package io.listenbacklog.kernel.sockdiag;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/** The structs of unix_diag: include/uapi/linux/unix_diag.h, Linux 3.3. */
final class UnixDiag {
  static final int UDIAG_SHOW_NAME = 0x01;
  static final int UDIAG_SHOW_ICONS = 0x08;
  static final int UDIAG_SHOW_RQLEN = 0x10;

  static final int UNIX_DIAG_NAME = 0;
  static final int UNIX_DIAG_ICONS = 3;
  static final int UNIX_DIAG_RQLEN = 4;

  /** {@code sizeof(sun_path)}. */
  static final int PATH_MAX = 108;

  static final StructLayout REQUEST =
      MemoryLayout.structLayout(
          JAVA_BYTE.withName("sdiag_family"),
          JAVA_BYTE.withName("sdiag_protocol"),
          JAVA_SHORT.withName("pad"),
          JAVA_INT.withName("udiag_states"),
          JAVA_INT.withName("udiag_ino"),
          JAVA_INT.withName("udiag_show"),
          MemoryLayout.sequenceLayout(2, JAVA_INT).withName("udiag_cookie"));

  static final StructLayout MESSAGE =
      MemoryLayout.structLayout(
          JAVA_BYTE.withName("udiag_family"),
          JAVA_BYTE.withName("udiag_type"),
          JAVA_BYTE.withName("udiag_state"),
          JAVA_BYTE.withName("pad"),
          JAVA_INT.withName("udiag_ino"),
          MemoryLayout.sequenceLayout(2, JAVA_INT).withName("udiag_cookie"));

  static final StructLayout RQLEN =
      MemoryLayout.structLayout(
          JAVA_INT.withName("udiag_rqueue"), JAVA_INT.withName("udiag_wqueue"));

  private UnixDiag() {}
}
