/* crowd NAMESPACES LISTENERS: makes so many network namespaces with so many TCP listeners in each,
 * prints "pid inode" of each namespace, then "ready", and takes all down when stdin ends. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void inhabit(int listeners, int ready) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) || unshare(CLONE_NEWNET)) err(1, "unshare");
  for (int i = 0; i < listeners; i++) {
    int s = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(8000 + i)};
    if (s < 0 || bind(s, (struct sockaddr *)&at, sizeof at) || listen(s, 5)) err(1, "listen");
  }
  if (write(ready, "", 1) != 1) err(1, "write");
  for (;;) pause();
}

int main(int argc, char **argv) {
  if (argc != 3) errx(2, "usage: crowd NAMESPACES LISTENERS");
  int namespaces = atoi(argv[1]), listeners = atoi(argv[2]), ready[2];
  pid_t *pids = calloc(namespaces, sizeof *pids);
  if (!pids || pipe(ready)) err(1, "pipe");
  for (int i = 0; i < namespaces; i++) {
    char c, path[64];
    struct stat ns;
    pid_t pid = fork();
    if (pid < 0) err(1, "fork");
    if (pid == 0) inhabit(listeners, ready[1]);
    pids[i] = pid;
    if (read(ready[0], &c, 1) != 1) err(1, "read");
    snprintf(path, sizeof path, "/proc/%d/ns/net", pid);
    if (stat(path, &ns)) err(1, "%s", path);
    printf("%d %lu\n", pid, (unsigned long)ns.st_ino);
  }
  puts("ready");
  fflush(stdout);
  while (getchar() != EOF) continue;
  for (int i = 0; i < namespaces; i++) kill(pids[i], SIGKILL);
  while (wait(NULL) > 0) continue;
  return 0;
}
