package io.listenbacklog.management;

import java.util.Optional;

/**
 * What was asked.
 *
 * @param client the address it came from
 * @param path without the query
 * @param bearerToken that came with it
 */
public record Request(String client, String path, Optional<String> bearerToken) {}
