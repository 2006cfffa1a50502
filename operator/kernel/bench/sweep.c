/* sweep FILE SWEEPS one|batch [PAUSE]: for each "pid inode" of FILE enters that network namespace, looks up
 * each listener known from a dump before, exactly and with its drops, checks cookie and address, and
 * goes home; prints the median of the sweeps in microseconds of CPU time, which a busy machine distorts
 * less than it does the clock on the wall.
 * one: a send and a recv for each look-up. batch: one send, and recvmmsg.
 * PAUSE: milliseconds from one sweep to the next, in which others have the caches; 0 by default. */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { LISTEN = 10, MOST = 32, REPLY = 1024 };

struct request {
  struct nlmsghdr header;
  struct inet_diag_req_v2 body;
};

struct known {
  struct inet_diag_sockid id;
  unsigned char family;
};

struct namespace {
  int pid;
  unsigned long inode;
  int count;
  struct known known[MOST];
};

static int home;
static struct request requests[MOST];
static char replies[MOST][REPLY] __attribute__((aligned(8)));
static struct iovec iovecs[MOST];
static struct mmsghdr messages[MOST];
static unsigned long long seen_backlog, seen_drops;

static int enter(struct namespace *n) {
  char path[64];
  struct stat st;
  snprintf(path, sizeof path, "/proc/%d/ns/net", n->pid);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0 || fstat(fd, &st) || st.st_ino != n->inode || setns(fd, CLONE_NEWNET))
    err(1, "%s", path);
  close(fd);
  int s = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  if (s < 0) err(1, "socket");
  return s;
}

static void leave(int s) {
  close(s);
  if (setns(home, CLONE_NEWNET)) err(1, "setns home");
}

static void discover(struct namespace *n) {
  static char buffer[65536] __attribute__((aligned(8)));
  struct {
    struct nlmsghdr header;
    struct inet_diag_req body;
  } dump = {{sizeof dump, TCPDIAG_GETSOCK, NLM_F_REQUEST | NLM_F_DUMP, 1, 0}, {.idiag_states = 1 << LISTEN}};
  int s = enter(n);
  if (send(s, &dump, sizeof dump, 0) < 0) err(1, "send");
  for (;;) {
    int length = recv(s, buffer, sizeof buffer, 0);
    if (length < 0) err(1, "recv");
    struct nlmsghdr *h = (void *)buffer;
    for (; NLMSG_OK(h, (unsigned)length); h = NLMSG_NEXT(h, length)) {
      if (h->nlmsg_type == NLMSG_DONE) return leave(s);
      if (h->nlmsg_type == NLMSG_ERROR) errx(1, "dump");
      struct inet_diag_msg *m = NLMSG_DATA(h);
      if (n->count == MOST) errx(1, "more than %d listeners", MOST);
      n->known[n->count++] = (struct known){m->id, m->idiag_family};
    }
  }
}

static void prepare(struct request *r, struct known *k, int sequence) {
  r->header = (struct nlmsghdr){sizeof *r, SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST, sequence, 0};
  r->body = (struct inet_diag_req_v2){
      .sdiag_family = k->family,
      .sdiag_protocol = IPPROTO_TCP,
      .idiag_ext = 1 << (INET_DIAG_SKMEMINFO - 1),
      .idiag_states = 1 << LISTEN,
      .id = k->id};
}

static void check(struct known *k, char *reply, int length) {
  struct nlmsghdr *h = (void *)reply;
  if (!NLMSG_OK(h, (unsigned)length) || h->nlmsg_type == NLMSG_ERROR) errx(1, "look-up failed");
  struct inet_diag_msg *m = NLMSG_DATA(h);
  if (m->idiag_state != LISTEN || memcmp(m->id.idiag_cookie, k->id.idiag_cookie, 8) ||
      m->idiag_family != k->family || memcmp(m->id.idiag_src, k->id.idiag_src, 16))
    errx(1, "another listener answered");
  seen_backlog += m->idiag_wqueue;
  struct rtattr *a = (void *)(m + 1);
  int left = h->nlmsg_len - NLMSG_LENGTH(sizeof *m);
  for (; RTA_OK(a, left); a = RTA_NEXT(a, left))
    if (a->rta_type == INET_DIAG_SKMEMINFO) seen_drops += ((unsigned *)RTA_DATA(a))[SK_MEMINFO_DROPS];
}

static void one_by_one(int s, struct namespace *n) {
  for (int i = 0; i < n->count; i++) {
    prepare(&requests[0], &n->known[i], i + 1);
    if (send(s, &requests[0], sizeof requests[0], 0) < 0) err(1, "send");
    int length = recv(s, replies[0], REPLY, 0);
    if (length < 0) err(1, "recv");
    check(&n->known[i], replies[0], length);
  }
}

static void batch(int s, struct namespace *n) {
  for (int i = 0; i < n->count; i++) prepare(&requests[i], &n->known[i], i + 1);
  if (send(s, requests, n->count * sizeof requests[0], 0) < 0) err(1, "send");
  int received = recvmmsg(s, messages, n->count, MSG_DONTWAIT, NULL);
  if (received != n->count) err(1, "recvmmsg: %d of %d", received, n->count);
  for (int i = 0; i < n->count; i++) check(&n->known[i], replies[i], messages[i].msg_len);
}

static int ascending(const void *a, const void *b) {
  double d = *(const double *)a - *(const double *)b;
  return (d > 0) - (d < 0);
}

int main(int argc, char **argv) {
  if (argc < 4 || argc > 5) errx(2, "usage: sweep FILE SWEEPS one|batch [PAUSE]");
  int sweeps = atoi(argv[2]), pause = argc > 4 ? atoi(argv[4]) : 0, count = 0;
  void (*look)(int, struct namespace *) = strcmp(argv[3], "one") ? batch : one_by_one;
  struct namespace *namespaces = calloc(10000, sizeof *namespaces);
  double *micros = calloc(sweeps, sizeof *micros);
  FILE *file = fopen(argv[1], "r");
  if (!namespaces || !micros || !file) err(1, "%s", argv[1]);
  home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
  for (int i = 0; i < MOST; i++) {
    iovecs[i] = (struct iovec){replies[i], REPLY};
    messages[i].msg_hdr.msg_iov = &iovecs[i];
    messages[i].msg_hdr.msg_iovlen = 1;
  }
  while (count < 10000 &&
         fscanf(file, "%d %lu", &namespaces[count].pid, &namespaces[count].inode) == 2)
    discover(&namespaces[count++]);
  for (int sweep = 0; sweep < sweeps; sweep++) {
    struct timespec from, to;
    usleep(pause * 1000);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from);
    for (int i = 0; i < count; i++) {
      int s = enter(&namespaces[i]);
      look(s, &namespaces[i]);
      leave(s);
    }
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &to);
    micros[sweep] = (to.tv_sec - from.tv_sec) * 1e6 + (to.tv_nsec - from.tv_nsec) / 1e3;
  }
  qsort(micros, sweeps, sizeof *micros, ascending);
  printf("%.0f\n", micros[sweeps / 2]);
  return 0;
}
