package io.listenbacklog.host;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.listenbacklog.api.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A listener, as {@code -o json} tells it. Strings that a process chose are cleaned.
 *
 * @param address such as {@code 0.0.0.0:9876}, or {@code unix:/run/php.sock}: the path that it was
 *     bound to, as its process saw it then
 * @param loopback whether only its own network namespace can reach it; false of UNIX listeners
 * @param networkNamespace inode of the one in which it was made
 * @param pid of the process that opened it, as far as can be told; 0: none holds it
 * @param processes how many hold it
 * @param process its name
 * @param executable where {@code /proc/PID/exe} leads; empty where that cannot be told
 * @param user who runs it: a name of this machine, or a number; empty where nobody holds it
 * @param unit of systemd; empty: none
 * @param container its id, of whatever runtime; empty: none
 * @param application its key in the catalogue; null: not recognised
 * @param backlog the limit that the kernel holds: one more can wait
 * @param requested what the application asked for; null: not known, for somaxconn may have cut it
 * @param somaxconn net.core.somaxconn of its network namespace now
 * @param queue connections that wait
 * @param drops segments that it dropped since it listens, for whatever reason; null: it is a UNIX
 *     listener, of which the kernel counts none
 * @param verdict how it stands to what is asked; null: nothing is
 * @param findings what is wrong with it, named as the operator's Events
 * @param explanation why, and what to do about it; empty where nothing is wrong
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record AuditedListener(
    String address,
    boolean loopback,
    long networkNamespace,
    int pid,
    int processes,
    String process,
    String executable,
    String user,
    String unit,
    String container,
    @Nullable String application,
    int backlog,
    @Nullable Integer requested,
    int somaxconn,
    int queue,
    @Nullable Long drops,
    @Nullable Verdict verdict,
    List<String> findings,
    String explanation) {

  AuditedListener {
    findings = List.copyOf(findings);
  }

  @JsonIgnore
  boolean isFound() {
    return !findings.isEmpty();
  }
}
