// SPDX-License-Identifier: Apache-2.0
#include "core/engine/undo.h"

#include <fcntl.h>
#include <sys/wait.h>

#include "scratch.h"

namespace {

constexpr const char* records = "/var/lib/container-hooks";

void save(const Scratch& root, const UndoRecord& record) {
  Plan plan;
  plan.changes.push_back(UndoRecords(root.path()).to_save(record));
  carry_out(plan);
}

UndoRecord record_of(const std::string& path, const std::string& name = "shim") {
  return {"docker", name, path, "before\n", "after \"quoted\"\n"};
}

}  // namespace

TEST_CASE("a record says again what was saved, whatever bytes of text that is") {
  const Scratch root;
  for (const std::optional<std::string>& before : {std::optional<std::string>(), std::optional<std::string>(""),
                                                   std::optional<std::string>("\t\"\\\n\u00e9\x01")}) {
    UndoRecord record = record_of("/etc/x");
    record.before = before;
    save(root, record);
    const auto found = UndoRecords(root.path()).find("/etc/x", "shim");
    REQUIRE(found);
    CHECK((found->engine == "docker" && found->name == "shim" && found->path == "/etc/x"));
    CHECK(found->before == before);
    CHECK(found->after == record.after);
  }
}

TEST_CASE("records are told apart by file and name, and only their owner reads them") {
  const Scratch root;
  save(root, record_of("/etc/x"));
  save(root, record_of("/etc/x", "second"));
  save(root, record_of("/etc/y"));
  const UndoRecords undo(root.path());
  CHECK(undo.all().size() == 3);
  CHECK_FALSE(undo.find("/etc/y", "second"));
  const std::vector<UndoRecord> others = undo.others("/etc/x", "shim");
  REQUIRE(others.size() == 1);
  CHECK(others.front().name == "second");
  for (const std::string& name : names_in(root.path() + records))
    CHECK((status_of_path(root.path() + records + "/" + name).st_mode & 0777) == 0600);
}

TEST_CASE("a removed record is gone, and one that never was needs no change") {
  const Scratch root;
  save(root, record_of("/etc/x"));
  Plan plan;
  plan.changes.push_back(UndoRecords(root.path()).to_remove("/etc/x", "shim"));
  carry_out(plan);
  CHECK(names_in(root.path() + records).empty());
  CHECK_FALSE(UndoRecords(root.path()).to_remove("/etc/x", "shim").is_needed());
}

TEST_CASE("what is not a record is refused with its place") {
  const Scratch root;
  save(root, record_of("/etc/x"));
  const std::string file = root.path() + records + "/" + *names_in(root.path() + records).begin();
  struct Row {
    const char* content;
    const char* message;
  };
  for (const Row& row : {Row{"{}", ":1:1: engine is missing"},
                         Row{"{\"engine\": 1}", ":1:12: a string is expected here"}, Row{"{\"engine\": ", ":1:"}}) {
    root.file(file.substr(root.path().size() + 1), row.content);
    CHECK_THAT(message_of([&] { UndoRecords(root.path()).find("/etc/x", "shim"); }),
               ContainsSubstring(file + row.message));
  }
}

TEST_CASE("records that others could have written are refused") {
  if (geteuid() != 0) return;
  const Scratch root;
  save(root, record_of("/etc/x"));
  REQUIRE(chmod((root.path() + records).c_str(), 0777) == 0);
  CHECK_THAT(message_of([&] { UndoRecords(root.path()).find("/etc/x", "shim"); }), ContainsSubstring("refuse"));
}

TEST_CASE("the lock's directory goes with it, unless there are records") {
  const Scratch root;
  { const UndoLock lock(root.path()); }
  CHECK_FALSE(names_in(root.path() + "/var/lib").contains("container-hooks"));
  {
    const UndoLock lock(root.path());
    save(root, record_of("/etc/x"));
  }
  CHECK(names_in(root.path() + records).size() == 1);
}

TEST_CASE("what a killed writer left beside a record goes with the lock, and nobody else's file") {
  const Scratch root;
  save(root, record_of("/etc/x"));
  const std::string record = *names_in(root.path() + records).begin();
  for (const std::string& name : {"." + record + ".container-hooks", std::string(".profile"), std::string("x.json")})
    replace_file(read_file(root.path() + records + '/' + name), {"x"}, Durability::rename_only);
  { const UndoLock lock(root.path()); }
  CHECK(names_in(root.path() + records) == std::set<std::string>{record, ".profile", "x.json"});
}

TEST_CASE("one process at a time has the lock") {
  const Scratch root;
  int go[2], said[2];
  REQUIRE((pipe(go) == 0 && pipe2(said, O_NONBLOCK) == 0));
  std::fflush(nullptr);
  const pid_t child = fork();  // before the lock is taken: it would be the child's, too
  REQUIRE(child >= 0);
  char byte;
  if (child == 0) {
    if (read(go[0], &byte, 1) != 1) _exit(1);
    const UndoLock second(root.path());
    _exit(write(said[1], "!", 1) == 1 ? 0 : 1);
  }
  {
    const UndoLock lock(root.path());
    REQUIRE(write(go[1], "!", 1) == 1);
    usleep(100'000);  // in which it would have it if it did not wait
    CHECK(read(said[0], &byte, 1) == -1);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(status == 0);
  CHECK(read(said[0], &byte, 1) == 1);
  for (const int end : {go[0], go[1], said[0], said[1]}) close(end);
}
