/* The least that a shim in C can do: execute the target (TARGET, of the compiler's command line).
 *
 * Built with -DCOPY it also replaces config.json of `--bundle DIR` by a copy, through a sibling and a rename: the least
 * that a shim can do that edits it; with -DPRECREATE, too, it gives the text to the target before that, as a precreate hook,
 * and waits for its end. Built with -DWAIT it executes the target in a child and waits for that: the least
 * that can run a hook and know how it ended.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef PRECREATE
static void precreate(const char *text, size_t size) {
  char *argv[] = {TARGET, NULL}, answer[4096];
  int in[2], out[2], status;
  if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0) exit(1);
  signal(SIGPIPE, SIG_IGN);
  const pid_t child = fork();
  if (child == 0) {
    dup2(in[0], 0);
    dup2(out[1], 1);
    execve(TARGET, argv, argv + 1);
    _exit(1);
  }
  close(in[0]);
  close(out[1]);
  for (ssize_t written = 1; size > 0 && written > 0; text += written, size -= (size_t)written)
    if ((written = write(in[1], text, size)) < 0) break;
  close(in[1]);
  while (read(out[0], answer, sizeof answer) > 0) continue;
  close(out[0]);
  if (waitpid(child, &status, 0) != child || status != 0) exit(1);
  signal(SIGPIPE, SIG_DFL);
}
#endif

#ifdef COPY
static void copy(int from, int to, size_t size) {
  char *text = malloc(size);
  if (read(from, text, size) != (ssize_t)size) exit(1);
#ifdef PRECREATE
  precreate(text, size);
#endif
  if (write(to, text, size) != (ssize_t)size) exit(1);
}

static void replace_by_copy(const char *bundle) {
  struct stat status;
  if (chdir(bundle) != 0) exit(1);
  const int from = open("config.json", O_RDONLY | O_CLOEXEC);
  const int to = open("config.json.new", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (from < 0 || to < 0 || fstat(from, &status) != 0) exit(1);
  copy(from, to, (size_t)status.st_size);
  if (fchmod(to, status.st_mode) != 0 || fchown(to, status.st_uid, status.st_gid) != 0) exit(1);
  if (rename("config.json.new", "config.json") != 0) exit(1);
}
#endif

int main(int argc, char **argv) {
#ifdef COPY
  for (int i = 1; i + 1 < argc; ++i)
    if (strcmp(argv[i], "--bundle") == 0) replace_by_copy(argv[i + 1]);
#else
  (void)argc;
#endif
#ifdef WAIT
  int status = 1;
  const pid_t child = fork();
  if (child != 0) return waitpid(child, &status, 0) == child ? WEXITSTATUS(status) : 1;
#endif
  execv(TARGET, argv);
  return 1;
}
