// SPDX-License-Identifier: Apache-2.0
#include "core/host/changed_root.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>

#include "core/error.h"
#include "core/host/output.h"

ChangedRoot::ChangedRoot(const std::string& root) {
  if (root.empty()) return;
  Fd here(open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
  directory_ = Fd(open(".", O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!here || !directory_ || chroot(root.c_str()) != 0) throw system_error("change the root directory to {}", root);
  root_ = std::move(here);
  if (chdir("/") != 0) throw system_error("change the root directory to {}", root);
}

// Going on below the wrong root would write to the wrong files, and a destructor has nobody to tell but the user.
ChangedRoot::~ChangedRoot() {
  if (!root_) return;
  if (fchdir(root_.number()) == 0 && chroot(".") == 0 && fchdir(directory_.number()) == 0) return;
  print_error(fmt::format("container-hooks-ctk: {}\n", system_error("change the root directory back").text));
  std::_Exit(1);
}
