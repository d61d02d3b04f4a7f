// Devices that answer SNMPv2c, good and bad ones, all on one port of this machine: each has an
// address of its own among 127.0.0.0/8.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "tests/support/snmp_codec.hpp"

namespace kurabe::tests {

using SnmpObjects = std::map<SnmpOid, SnmpValue>;

struct SnmpDevice {
    enum class Manner : std::uint8_t {
        kGood,
        kSilent,       // receives and never answers
        kOtherId,      // answers another question than was asked
        kOtherNames,   // answers with names that nobody asked for
        kTexts,        // gives every number as a text
        kStuck,        // goes through a table without coming forward
        kBackwards,    // goes back after some rows
        kEndless,      // has a table without end
        kGarbage,      // sends random bytes
        kCut,          // sends the first half of each answer
        kShort,        // leaves values out
        kErrors,       // answers everything with genErr
        kNoBulk,       // does not answer GETBULK at all
        kRefusesBulk,  // answers GETBULK with genErr
        kVersion1,     // answers a missing object with noSuchName for the whole question
    };

    SnmpObjects objects = {};
    std::string community = "public";
    Manner manner = Manner::kGood;
    std::size_t message_bytes_max = 1472;  // beyond it: tooBig, or fewer rows of a GETBULK
    int loses_every = 0;                   // so many questions the last one is lost; 0: none
    std::chrono::milliseconds delay{0};
};

// What a device that gives well-formed answers says; none for what it does not answer.
[[nodiscard]] std::optional<SnmpMessage> reply_of(const SnmpDevice& device,
                                                  const SnmpMessage& question);

// The same as bytes, and of those that send others; empty: nothing. `random` is a seed for those
// that send random bytes.
[[nodiscard]] std::string answer_snmp(const SnmpDevice& device, std::string_view question,
                                      std::uint64_t random);

class SnmpAnswerer {
  public:
    SnmpAnswerer();
    ~SnmpAnswerer();
    SnmpAnswerer(const SnmpAnswerer&) = delete;
    SnmpAnswerer& operator=(const SnmpAnswerer&) = delete;

    [[nodiscard]] int port() const noexcept;
    // At an address such as "127.1.0.1". Thread-safe, as are the others.
    void add(const std::string& address, SnmpDevice device);
    void change(const std::string& address, const std::function<void(SnmpDevice&)>& change);
    // How many questions the device got.
    [[nodiscard]] std::size_t questions(const std::string& address) const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

// Objects from lines as `snmpbulkwalk -On` prints them.
[[nodiscard]] SnmpObjects objects_of_walk(std::string_view text);

// Of a switch: its description, and `ports` gigabit ports with counters that begin at `octets`.
[[nodiscard]] SnmpObjects switch_objects(unsigned ports, std::uint64_t octets);

}  // namespace kurabe::tests
