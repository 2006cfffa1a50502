/* births COUNT PAUSE_MICROS: in a network namespace of its own listens on COUNT ports, one after the
 * other, keeps the last hundred open, prints "port nanoseconds" of the monotonic clock right before each listen(), then "end", and
 * waits until stdin ends. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { HELD = 100 }; /* so many are open at a time */

int main(int argc, char **argv) {
  if (argc != 3) errx(2, "usage: births COUNT PAUSE_MICROS");
  int count = atoi(argv[1]), pause = atoi(argv[2]), sockets[HELD];
  if (unshare(CLONE_NEWNET)) err(1, "unshare");
  for (int i = 0; i < count; i++) {
    int *slot = &sockets[i % HELD];
    struct timespec now;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(1024 + i)};
    int s = socket(AF_INET, SOCK_STREAM, 0);
    if (s < 0 || bind(s, (struct sockaddr *)&at, sizeof at)) err(1, "bind");
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (listen(s, 5)) err(1, "listen");
    if (i >= HELD) close(*slot);
    *slot = s;
    printf("%d %lld\n", 1024 + i, now.tv_sec * 1000000000LL + now.tv_nsec);
    usleep(pause);
  }
  puts("end");
  fflush(stdout);
  while (getchar() != EOF) continue;
  return 0;
}
