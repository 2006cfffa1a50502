package io.listenbacklog.e2e.harness;

import java.util.List;

/**
 * An image for pods of tests, from Debian's packages.
 *
 * @param name with its tag
 * @param packages that it holds; what they need comes with them
 */
public record TestImage(String name, List<String> packages) {
  public TestImage {
    packages = List.copyOf(packages);
  }

  /** Of the tar that is kept between runs; another list of packages is another one. */
  String file() {
    return "image-%08x.tar".formatted(31 * name.hashCode() + packages.hashCode());
  }
}
