// net-snmp as a whole: its state is the process's, and it is not safe with threads, so one thread
// at a time may use it and everything below collectors/snmp (its own "thread-safe" calls race in
// what sessions share).
#pragma once

#include <vector>

#include "collectors/snmp/access.hpp"
#include "store/result.hpp"

namespace kurabe::collectors::snmp {

// What passphrases become, which costs milliseconds, before a device's engine ID makes them its own
// keys, which costs microseconds (RFC 3414, 2.6).
struct MasterKeys {
    std::vector<unsigned char> auth;
    std::vector<unsigned char> priv;
};

class Library {
  public:
    // Prepares what sessions need. No configuration, MIB or persistent file is read or written, no
    // variable of the environment counts, and nothing is logged.
    Library();

    // kInvalid for a passphrase below RFC 3414's eight bytes; the message does not tell it. Any
    // thread may ask.
    [[nodiscard]] static Result<void> check(const User& user);
    // Of a user that was found good.
    [[nodiscard]] Result<MasterKeys> derive(const User& user) const;
};

}  // namespace kurabe::collectors::snmp
