// Executes its first argument with an empty argument vector, not even a name.
//
// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <cstdio>

int main(int, char** argv) {
  char* nothing[] = {nullptr};
  execv(argv[1], nothing);
  std::perror(argv[1]);
  return 126;
}
