// As much of D-Bus as it takes to call methods with strings at a peer: https://dbus.freedesktop.org/doc/dbus-specification.html
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/host/fd.h"

struct MethodCall {
  std::string path;
  std::string interface;
  std::string member;
  std::vector<std::string> arguments;  // strings
};

/// A message as it is sent: little-endian, version 1.
std::string dbus_message(const MethodCall& call);

/// What stands in a body, value by value. Error when it ends too early.
class DbusReader {
 public:
  explicit DbusReader(std::string_view body) : body_(body) {}

  std::uint32_t number();
  std::uint64_t long_number();
  /// A string, or the path of an object.
  std::string string();
  /// The signature of a variant, whose value comes next.
  std::string signature();
  /// The members of a struct come next.
  void begin_struct() { take(0, 8); }

 private:
  std::string_view take(std::size_t size, std::size_t alignment);

  std::string_view body_;
  std::size_t at_ = 0;
};

/// Says who we are; the user's number is all that it takes. Error when we are not let in.
void dbus_authenticate(const Fd& socket);

/// Calls the method and waits for what it returns: the body. Error with the other end's words when it refuses.
std::string dbus_call(const Fd& socket, const MethodCall& call);
