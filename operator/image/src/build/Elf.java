import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads and strips 64-bit little-endian ELF files: programs and shared libraries. */
final class Elf {
  /** include/uapi/linux/elf.h: Elf64_Ehdr, Elf64_Shdr. */
  private static final int E_SHOFF = 0x28;

  private static final int E_SHENTSIZE = 0x3a;
  private static final int E_SHNUM = 0x3c;
  private static final int E_SHSTRNDX = 0x3e;
  private static final int SECTION_BYTES = 64;
  private static final int SHT_NOBITS = 8;
  private static final int SHT_DYNAMIC = 6;
  private static final long SHF_ALLOC = 2;
  private static final long DT_NEEDED = 1;
  private static final Set<String> UNWANTED = Set.of(".symtab", ".strtab");

  /** Of a section's header, with the index it had. */
  private record Section(int index, String name, byte[] header) {
    private ByteBuffer fields() {
      return ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
    }

    int type() {
      return fields().getInt(4);
    }

    boolean loaded() {
      return (fields().getLong(8) & SHF_ALLOC) != 0;
    }

    int offset() {
      return Math.toIntExact(fields().getLong(24));
    }

    int size() {
      return Math.toIntExact(fields().getLong(32));
    }

    int link() {
      return fields().getInt(40);
    }

    int alignment() {
      return Math.max(1, Math.toIntExact(fields().getLong(48)));
    }

    int end() {
      return type() == SHT_NOBITS ? offset() : offset() + size();
    }

    Section at(int offset, int link) {
      var moved = ByteBuffer.wrap(header.clone()).order(ByteOrder.LITTLE_ENDIAN);
      moved.putLong(24, offset).putInt(40, link);
      return new Section(index, name, moved.array());
    }
  }

  private Elf() {}

  private static boolean isReadable(ByteBuffer elf) {
    return elf.capacity() > 64
        && elf.getInt(0) == 0x464c457f
        && elf.get(4) == 2
        && elf.get(5) == 1
        && elf.getShort(E_SHENTSIZE) == SECTION_BYTES;
  }

  /** The libraries that the loader has to find for it: none where it is no such file. */
  static List<String> needed(Path library) throws IOException {
    byte[] bytes = Files.readAllBytes(library);
    var elf = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    var needed = new ArrayList<String>();
    if (!isReadable(elf)) return needed;
    List<Section> all = sections(elf, bytes);
    for (Section each : all) {
      if (each.type() != SHT_DYNAMIC) continue;
      int names = all.get(each.link()).offset();
      for (int at = each.offset(); at < each.end(); at += 16) {
        if (elf.getLong(at) == DT_NEEDED) {
          needed.add(text(bytes, names + Math.toIntExact(elf.getLong(at + 8))));
        }
      }
    }
    return needed;
  }

  /**
   * Takes the symbol table for debuggers out of it, as "strip" does, of which each version makes
   * other bytes. What the loader reads stays where it is; the JDK's libraries come with the table,
   * which is a sixth of libjvm.so. Files that are no such ELF, or have no such table, stay as they
   * are.
   */
  static void strip(Path library) throws IOException {
    byte[] bytes = Files.readAllBytes(library);
    var elf = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (!isReadable(elf)) return;
    List<Section> all = sections(elf, bytes);
    List<Section> kept = all.stream().filter(each -> !UNWANTED.contains(each.name())).toList();
    if (kept.size() == all.size()) return;

    // Sections that are loaded keep their places, which the program headers tell; the others close
    // up.
    int end = kept.stream().filter(Section::loaded).mapToInt(Section::end).max().orElseThrow();
    var content = ByteBuffer.allocate(bytes.length + SECTION_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    content.put(bytes, 0, end);
    var placed = new ArrayList<Section>();
    for (Section each : kept) {
      int offset = each.offset();
      if (!each.loaded() && each.index() != 0) {
        offset = aligned(content.position(), each.alignment());
        content.position(offset).put(bytes, each.offset(), each.size());
      }
      placed.add(each.at(offset, newIndex(each.link(), kept)));
    }
    content.position(aligned(content.position(), 8));
    content.putLong(E_SHOFF, content.position());
    content.putShort(E_SHNUM, (short) placed.size());
    content.putShort(E_SHSTRNDX, (short) newIndex(elf.getShort(E_SHSTRNDX), kept));
    for (Section each : placed) content.put(each.header());
    byte[] stripped = new byte[content.position()];
    content.flip().get(stripped);
    Files.write(library, stripped);
  }

  private static List<Section> sections(ByteBuffer elf, byte[] bytes) {
    int table = Math.toIntExact(elf.getLong(E_SHOFF));
    int names = Math.toIntExact(elf.getLong(table + elf.getShort(E_SHSTRNDX) * SECTION_BYTES + 24));
    var sections = new ArrayList<Section>();
    for (int i = 0; i < elf.getShort(E_SHNUM); i++) {
      byte[] header = new byte[SECTION_BYTES];
      elf.get(table + i * SECTION_BYTES, header);
      int name = names + elf.getInt(table + i * SECTION_BYTES);
      sections.add(new Section(i, text(bytes, name), header));
    }
    return sections;
  }

  private static String text(byte[] bytes, int from) {
    int end = from;
    while (bytes[end] != 0) end++;
    return new String(bytes, from, end - from, StandardCharsets.US_ASCII);
  }

  /** 0, "none", for a section that is gone. */
  private static int newIndex(int old, List<Section> kept) {
    for (int i = 0; i < kept.size(); i++) if (kept.get(i).index() == old) return i;
    return 0;
  }

  private static int aligned(int offset, int alignment) {
    return (offset + alignment - 1) / alignment * alignment;
  }
}
