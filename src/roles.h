// The entry points of the three roles.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

// argv[0] is the name the role was called by; each returns the exit status.
int runtime_main(int argc, char** argv);  // returns only on failure: it execs the low-level runtime
int ctk_main(int argc, char** argv);
int marker_main(int argc, char** argv);
