/* The least that a shim in C can do: execute the target (TARGET, of the compiler's command line).
 *
 * Built with -DCOPY it also replaces config.json of `--bundle DIR` by a copy, through a sibling and a rename: the least
 * that a shim can do that edits it. Built with -DWAIT it executes the target in a child and waits for that: the least
 * that can run a hook and know how it ended.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef COPY
static void copy(int from, int to, size_t size) {
  char *text = malloc(size);
  if (read(from, text, size) != (ssize_t)size || write(to, text, size) != (ssize_t)size) exit(1);
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
