// SPDX-License-Identifier: Apache-2.0
#include "core/setup/systemd.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <ctime>

#include "core/error.h"
#include "core/host/root.h"
#include "core/setup/dbus.h"

namespace {

constexpr std::string_view manager = "/org/freedesktop/systemd1";
constexpr std::string_view manager_interface = "org.freedesktop.systemd1.Manager";
constexpr std::string_view unit_interface = "org.freedesktop.systemd1.Unit";

constexpr timeval answer_time = {10, 0};
constexpr timespec between_looks = {0, 100'000'000};
constexpr int max_looks = 3'000;

// Relative to the descriptor, so that no link leads out of the root.
Fd connected(const Fd& place) {
  Fd result(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  fmt::format_to_n(address.sun_path, sizeof address.sun_path - 1, "/proc/self/fd/{}", place.number());
  setsockopt(result.number(), SOL_SOCKET, SO_RCVTIMEO, &answer_time, sizeof answer_time);
  if (!result || connect(result.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw system_error("connect to systemd");
  return result;
}

}  // namespace

std::optional<Systemd> Systemd::connect(const std::string& root) {
  const Fd place = open_path(RootedPath(root, "/run/systemd/private"));
  if (!place || !status_of(RootedPath(root, "/run/systemd/system"))) return std::nullopt;
  Systemd result(connected(place));
  dbus_authenticate(result.socket_);
  return result;
}

std::string Systemd::path_of(const std::string& unit) {
  return DbusReader(dbus_call(socket_, {std::string(manager), std::string(manager_interface), "LoadUnit", {unit}}))
      .string();
}

// The variant that it is.
std::string Systemd::property(const std::string& path, std::string_view name) {
  return dbus_call(socket_,
                   {path, "org.freedesktop.DBus.Properties", "Get", {std::string(unit_interface), std::string(name)}});
}

UnitState Systemd::unit(const std::string& name) {
  const std::string path = path_of(name);
  UnitState state;
  const std::string active = property(path, "ActiveState");
  DbusReader active_reader(active);
  if (active_reader.signature() == "s") state.active = active_reader.string();
  const std::string since = property(path, "ActiveEnterTimestampMonotonic");
  DbusReader since_reader(since);
  if (since_reader.signature() == "t") state.since_monotonic = since_reader.long_number();
  return state;
}

// A unit's property Job has the number of the job that it has in hand, or 0.
void Systemd::carry_out(std::string_view verb, const std::string& unit) {
  const std::string method = verb == "reload" ? "ReloadUnit" : "RestartUnit";
  dbus_call(socket_, {std::string(manager), std::string(manager_interface), method, {unit, "replace"}});
  const std::string path = path_of(unit);
  for (int look = 0; look < max_looks; ++look) {
    const std::string job = property(path, "Job");
    DbusReader reader(job);
    if (reader.signature() != "(uo)") throw error("systemd does not say what it does with {}", unit);
    reader.begin_struct();
    if (reader.number() == 0) return;
    nanosleep(&between_looks, nullptr);
  }
  throw error("systemctl {} {}: it is not done within five minutes", verb, unit);
}
