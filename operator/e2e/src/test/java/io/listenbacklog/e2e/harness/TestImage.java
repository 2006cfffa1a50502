package io.listenbacklog.e2e.harness;

import java.util.List;

/**
 * An image for the tests' pods, made from Debian packages.
 *
 * @param name with its tag
 * @param packages to install, with their dependencies
 */
public record TestImage(String name, List<String> packages) {
  public TestImage {
    packages = List.copyOf(packages);
  }

  /** Name of the tar that is kept between runs: one for each list of packages. */
  String file() {
    return "image-%08x.tar".formatted(31 * name.hashCode() + packages.hashCode());
  }
}
