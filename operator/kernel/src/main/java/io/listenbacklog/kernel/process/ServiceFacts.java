package io.listenbacklog.kernel.process;

/**
 * Which service of the machine a process is of, as its cgroup tells. Strings are untrusted: control
 * characters are removed, the length is bounded, nothing else is guaranteed.
 *
 * @param user its effective user id, as the machine's own user namespace counts
 * @param unit systemd's unit, such as {@code octavia-api.service} or {@code session-2.scope}; of a
 *     user's manager the unit inside of it; empty where there is none
 * @param container the id of the outermost container, of whatever runtime: 32 hexadecimal digits or
 *     more; empty where there is none
 */
public record ServiceFacts(long user, String unit, String container) {}
