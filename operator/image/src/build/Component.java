import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One thing that what we publish consists of.
 *
 * @param ref what others in the SBOM call it: its purl, where it has one
 * @param cpe what the vulnerability databases call it, or nothing
 * @param sha256 of its one file, or nothing where it has several
 * @param licence an SPDX expression
 * @param texts where the licence's texts are, from the root of what is published
 * @param files which files of it are its, likewise
 * @param parts what it consists of itself
 */
record Component(
    String type,
    String ref,
    String name,
    String version,
    String cpe,
    String sha256,
    String licence,
    List<String> texts,
    List<String> files,
    List<Component> parts) {

  /** As CycloneDX has it, in the order of its schema. */
  Map<String, Object> toCycloneDx() {
    var json = new LinkedHashMap<String, Object>();
    json.put("type", type);
    json.put("bom-ref", ref);
    json.put("name", name);
    if (!version.isEmpty()) json.put("version", version);
    if (!sha256.isEmpty()) json.put("hashes", List.of(Map.of("alg", "SHA-256", "content", sha256)));
    json.put("licenses", List.of(Map.of("expression", licence)));
    if (!cpe.isEmpty()) json.put("cpe", cpe);
    if (ref.startsWith("pkg:")) json.put("purl", ref);
    var references = new ArrayList<Map<String, String>>();
    for (String text : texts) {
      var reference = new LinkedHashMap<String, String>();
      reference.put("type", "license");
      reference.put("url", text);
      references.add(reference);
    }
    if (!references.isEmpty()) json.put("externalReferences", references);
    if (!parts.isEmpty()) {
      json.put("components", parts.stream().map(Component::toCycloneDx).toList());
    }
    if (!files.isEmpty()) {
      json.put(
          "evidence",
          Map.of("occurrences", files.stream().map(file -> Map.of("location", file)).toList()));
    }
    return json;
  }
}
