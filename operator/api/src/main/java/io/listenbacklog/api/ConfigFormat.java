package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** A format of configuration files in which one value can be set, all else staying as it is. */
public enum ConfigFormat {
  @JsonProperty("Nginx")
  NGINX,
  @JsonProperty("Haproxy")
  HAPROXY,
  @JsonProperty("SpaceSeparated")
  SPACE_SEPARATED,
  @JsonProperty("Properties")
  PROPERTIES,
  @JsonProperty("Ini")
  INI,
  @JsonProperty("Yaml")
  YAML,
  @JsonProperty("Json")
  JSON
}
