// SPDX-License-Identifier: Apache-2.0
#include "core/record/journal.h"

#include <sys/socket.h>
#include <sys/un.h>

#include "catch.h"
#include "core/host/fd.h"
#include "scratch.h"

namespace {

Record run_of_web() {
  Record record;
  record.labels = {.stage = "poststart",
                   .hook = "tell",
                   .file = "/etc/tell.json",
                   .container = "0123456789abcdef",
                   .image = "nginx:1",
                   .name = "web"};
  record.path = "/bin/tell";
  return record;
}

Fd listener(const std::string& path) {
  Fd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0));
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  REQUIRE(bind(socket.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  return socket;
}

}  // namespace

TEST_CASE("an entry of the journal has Docker's names for the container, so that one filter shows both") {
  const std::string entry = journal_entry(run_of_web());
  for (const char* line : {"MESSAGE=hook tell (poststart, /etc/tell.json): ok after 0.0000 s\n", "PRIORITY=6\n",
                           "SYSLOG_IDENTIFIER=container-hooks\n", "CONTAINER_ID=0123456789ab\n",
                           "CONTAINER_ID_FULL=0123456789abcdef\n", "CONTAINER_NAME=web\n", "IMAGE_NAME=nginx:1\n"})
    CHECK_THAT(entry, ContainsSubstring(line));
}

TEST_CASE("a value with a line break has its length before it, so that it cannot make a field of its own") {
  Record record = run_of_web();
  record.error_output = "a\nPRIORITY=0\n";
  CHECK_THAT(journal_entry(record),
             ContainsSubstring(std::string("HOOK_STDERR\n\x0d\0\0\0\0\0\0\0a\nPRIORITY=0\n\n", 34)));
}

TEST_CASE("a run that failed has the priority of an error") {
  Record record = run_of_web();
  record.result = Result::failed;
  record.exit = 1;
  CHECK_THAT(journal_entry(record), ContainsSubstring("PRIORITY=3\n"));
}

TEST_CASE("the entry is one datagram, and nobody who listens is no error") {
  const Scratch scratch;
  const std::string path = scratch.path("socket");
  send_to_journal(run_of_web(), path);
  const Fd socket = listener(path);
  send_to_journal(run_of_web(), path);
  char received[4096];
  const ssize_t length = recv(socket.number(), received, sizeof received, 0);
  REQUIRE(length > 0);
  CHECK(std::string(received, static_cast<std::size_t>(length)) == journal_entry(run_of_web()));
}
