package io.listenbacklog.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.crdv2.generator.CRDGenerator;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.util.Map;
import java.util.TreeMap;

/** What fabric8's generator makes of the Java types, kept in memory: YAML by output name. */
final class GeneratedCrds implements CRDGenerator.CRDOutput<ByteArrayOutputStream> {
  private final Map<String, ByteArrayOutputStream> outputs = new TreeMap<>();

  static Map<String, String> yamlByName() {
    var outputs = new GeneratedCrds();
    new CRDGenerator()
        .customResourceClasses(BacklogPolicy.class, ClusterBacklogPolicy.class, NodeBacklog.class)
        .forCRDVersions("v1")
        .withOutput(outputs)
        .detailedGenerate();
    var yaml = new TreeMap<String, String>();
    outputs.outputs.forEach((name, bytes) -> yaml.put(name, bytes.toString(UTF_8)));
    return yaml;
  }

  @Override
  public ByteArrayOutputStream outputFor(String crdName) {
    return outputs.computeIfAbsent(crdName, _ -> new ByteArrayOutputStream());
  }

  @Override
  public URI crdURI(String crdName) {
    return URI.create("file:///" + crdName);
  }

  @Override
  public void close() {}
}
