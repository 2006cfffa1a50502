package io.listenbacklog.kernel.fake;

import io.listenbacklog.kernel.NodeKernel;
import io.listenbacklog.kernel.events.KernelEvent;
import io.listenbacklog.kernel.events.KernelEvents;
import io.listenbacklog.kernel.linux.SyscallException;
import io.listenbacklog.kernel.log.FloodWarning;
import io.listenbacklog.kernel.log.KernelLog;
import io.listenbacklog.kernel.netns.NetworkNamespaces;
import io.listenbacklog.kernel.process.Container;
import io.listenbacklog.kernel.process.ProcessFacts;
import io.listenbacklog.kernel.process.Processes;
import io.listenbacklog.kernel.relisten.Relisten;
import io.listenbacklog.kernel.threads.Threads;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A Linux of its own in memory, which keeps the rules that matter: {@code listen()} is clamped by
 * somaxconn of the socket's namespace, a backlog of N holds N + 1 connections, somaxconn changes no
 * listener that is there, a listener lives as long as a process holds it. {@code
 * NodeKernelContract} runs on it and on Linux.
 *
 * <p>A test makes namespaces and processes, lets them listen, and hands this to what it tests. Safe
 * for several threads.
 */
public final class FakeKernel implements NodeKernel {
  private final SortedMap<Integer, FakeProcess> processes = new TreeMap<>();
  private final Map<Long, FakeNamespace> namespaces = new LinkedHashMap<>();
  private final List<FakeEvents> streams = new ArrayList<>();
  private String bootId = "00000000-0000-4000-8000-000000000001";
  private int lastPid = 100;
  private long lastInode = 4026532000L;
  private long lastCookie;
  private long lastMicros;
  @Nullable String eventsUnavailable;
  @Nullable SyscallException relistenUnavailable;
  private final List<FloodWarning> log = new ArrayList<>();
  private @Nullable SyscallException logUnavailable;
  private int logReads;
  private int relistens;
  private boolean ptrace = true;
  private @Nullable String unlisted;
  private final Set<Long> mounted = new HashSet<>();
  private int threadReads;
  private int factReads;
  private int descriptorReads;
  private @Nullable FakeConnection lastClient;
  private int lastPort = 49510;
  private LongSupplier ticker = System::nanoTime;

  /** From now on this tells the time. */
  public synchronized void time(LongSupplier nanos) {
    ticker = nanos;
  }

  synchronized long nanos() {
    return ticker.getAsLong();
  }

  /** A new network namespace, somaxconn 4096, with no process in it yet. */
  public synchronized FakeNamespace namespace() {
    var namespace = new FakeNamespace(this, ++lastInode);
    namespaces.put(namespace.inode(), namespace);
    return namespace;
  }

  /** A new network namespace, as {@link #namespace()}, under the number of one that is gone. */
  public synchronized FakeNamespace namespaceInPlaceOf(FakeNamespace gone) {
    var namespace = new FakeNamespace(this, gone.inode());
    namespaces.put(namespace.inode(), namespace);
    return namespace;
  }

  /** Pids begin anew, as at kernel.pid_max: the next process gets this one. */
  public synchronized void nextPid(int pid) {
    lastPid = pid - 1;
  }

  /** A new process outside all pods. */
  public FakeProcess process(FakeNamespace namespace, String command) {
    return start(namespace, null, command, "");
  }

  /** A new process of a container. */
  public FakeProcess process(
      FakeNamespace namespace, Container container, String containerName, String command) {
    return start(namespace, container, command, containerName);
  }

  synchronized FakeProcess forkAndExec(FakeProcess parent, String command) {
    var child =
        start(parent.namespace, parent.container, command, parent.facts.containerName())
            .startedBy(parent);
    child.descriptors.putAll(parent.descriptors);
    return child;
  }

  private synchronized FakeProcess start(
      FakeNamespace namespace, @Nullable Container container, String command, String name) {
    int pid = ++lastPid;
    var facts =
        new ProcessFacts(
            pid, command, "/usr/bin/" + command, List.of(command, "serve"), name, false);
    var process = new FakeProcess(this, namespace, container, facts);
    processes.put(pid, process);
    return process;
  }

  synchronized FakeProcess fork(FakeProcess parent) {
    var child =
        start(
                parent.namespace,
                parent.container,
                parent.facts.command(),
                parent.facts.containerName())
            .startedBy(parent);
    child.descriptors.putAll(parent.descriptors);
    return child;
  }

  synchronized void exit(FakeProcess process) {
    processes.remove(process.pid());
    process.descriptors.clear();
    process.connections.clear();
    process.threads.clear();
  }

  /** Tells of a new cgroup to whoever reads events. */
  public void makeCgroup(String path) {
    tell(new KernelEvent.CgroupMade(path));
  }

  /** Tells whoever reads events that some were lost. */
  public void loseEvents() {
    tell(new KernelEvent.EventsLost());
  }

  synchronized void tell(KernelEvent event) {
    streams.forEach(stream -> stream.tell(event));
  }

  /** From now on no stream of events can be opened, for this reason. */
  public synchronized void withoutEvents(String why) {
    eventsUnavailable = why;
  }

  /** From now on every attempt to re-listen is refused so; null: none is. */
  public synchronized void refuseRelisten(@Nullable SyscallException cause) {
    relistenUnavailable = cause;
  }

  /** The node booted again, as far as its boot id goes. */
  public synchronized void bootId(String value) {
    bootId = value;
  }

  /** How often {@code listen()} was called on a live listener by {@link #relisten()}. */
  public synchronized int relistens() {
    return relistens;
  }

  @Override
  public synchronized String bootId() {
    return bootId;
  }

  @Override
  public synchronized Duration uptime() {
    return Duration.ofNanos(ticker.getAsLong());
  }

  @Override
  public Processes processes() {
    return new FakeProcesses(this);
  }

  @Override
  public Threads threads() {
    return new FakeThreads(this);
  }

  @Override
  public NetworkNamespaces namespaces() {
    return new FakeNamespaces(this);
  }

  @Override
  public Relisten relisten() {
    return new FakeRelisten(this);
  }

  /** From now on the log cannot be read, for this reason; null: it can. */
  public synchronized void refuseLog(@Nullable SyscallException cause) {
    logUnavailable = cause;
  }

  /** The log says so, as of a listener that may be anywhere. */
  public synchronized void warn(FloodWarning warning) {
    log.add(warning);
  }

  /** How often the log was read. */
  public synchronized int logReads() {
    return logReads;
  }

  @Override
  public KernelLog log() {
    return this::floods;
  }

  private synchronized List<FloodWarning> floods() throws SyscallException {
    logReads++;
    if (logUnavailable != null) throw logUnavailable;
    return List.copyOf(log);
  }

  @Override
  public synchronized KernelEvents openEvents() throws IOException {
    if (eventsUnavailable != null) throw new IOException(eventsUnavailable);
    var stream = new FakeEvents();
    streams.add(stream);
    return stream;
  }

  /** The processes that live, by pid. */
  synchronized Map<Integer, FakeProcess> living() {
    return new TreeMap<>(processes);
  }

  synchronized Optional<FakeProcess> living(int pid) {
    return Optional.ofNullable(processes.get(pid));
  }

  /** As {@link #living(int)}, of one that may be looked at. */
  synchronized Optional<FakeProcess> visible(int pid) throws SyscallException {
    var process = processes.get(pid);
    if (process != null && process.hidden != null) throw process.hidden;
    return Optional.ofNullable(process);
  }

  /** From now on procfs may not name all processes, for this reason; null: it does. */
  public synchronized void unlisted(@Nullable String why) {
    unlisted = why;
  }

  synchronized Optional<String> unlisted() {
    return Optional.ofNullable(unlisted);
  }

  /** The right to look into other processes is missing. */
  public synchronized void withoutPtrace() {
    ptrace = false;
  }

  synchronized boolean mayTrace() {
    return ptrace;
  }

  /** A network namespace is mounted, or not any more: all mount namespaces are one. */
  public synchronized void mount(FakeNamespace namespace, boolean there) {
    if (there) mounted.add(namespace.inode());
    else mounted.remove(namespace.inode());
  }

  synchronized Set<Long> mounted() {
    return Set.copyOf(mounted);
  }

  /** Like times in the log: each is another. */
  synchronized long nextMicros() {
    return ++lastMicros;
  }

  synchronized long nextInode() {
    return ++lastInode;
  }

  synchronized long nextCookie() {
    return ++lastCookie;
  }

  synchronized int nextPort() {
    return ++lastPort;
  }

  /** The client that got into a queue last. */
  public synchronized FakeConnection lastClient() {
    if (lastClient == null) throw new IllegalStateException("none got in");
    return lastClient;
  }

  synchronized FakeConnection client(FakeConnection client) {
    lastClient = client;
    return client;
  }

  synchronized int nextThread() {
    return ++lastPid;
  }

  synchronized void descriptorsRead() {
    descriptorReads++;
  }

  /** How often the descriptors of a process were read. */
  public synchronized int descriptorReads() {
    return descriptorReads;
  }

  synchronized void factRead() {
    factReads++;
  }

  /** How often it was asked what a process is. */
  public synchronized int factReads() {
    return factReads;
  }

  synchronized void threadRead() {
    threadReads++;
  }

  /** How often it was asked what a thread does. */
  public synchronized int threadReads() {
    return threadReads;
  }

  synchronized void relistened() {
    relistens++;
  }
}
