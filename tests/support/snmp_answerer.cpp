// One thread and one socket; the address that a datagram was sent to says which device it is for.
#include "tests/support/snmp_answerer.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <deque>
#include <mutex>
#include <optional>
#include <random>
#include <span>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace kurabe::tests {
namespace {

using Clock = std::chrono::steady_clock;
using Manner = SnmpDevice::Manner;

constexpr std::int64_t kTooBig = 1;
constexpr std::int64_t kNoSuchName = 2;
constexpr std::int64_t kGeneralError = 5;

std::pair<SnmpOid, SnmpValue> value_at(const SnmpDevice& device, const SnmpOid& name) {
    const auto found = device.objects.find(name);
    if (found == device.objects.end()) return {name, {.tag = SnmpTag::kNoSuchInstance}};
    return *found;
}

std::pair<SnmpOid, SnmpValue> value_after(const SnmpDevice& device, const SnmpOid& name) {
    if (device.manner == Manner::kEndless) {
        SnmpOid next = name;
        next.resize(std::max<std::size_t>(name.size(), 12));
        ++next.back();
        return {next, {.tag = SnmpTag::kInteger, .number = 1}};
    }
    const auto found = device.manner == Manner::kStuck ? device.objects.lower_bound(name)
                                                       : device.objects.upper_bound(name);
    if (found == device.objects.end()) return {name, {.tag = SnmpTag::kEndOfView}};
    // From a table's third row on to its first.
    if (device.manner == Manner::kBackwards && name.back() == 3) {
        SnmpOid first = name;
        first.back() = 1;
        return {first, found->second};
    }
    return *found;
}

void answer_bulk(const SnmpDevice& device, const SnmpMessage& asked, SnmpMessage& answer) {
    constexpr std::size_t kEstimatedBytes = 25;
    constexpr std::size_t kRoom = 60;
    const std::size_t most = (device.message_bytes_max - kRoom) / kEstimatedBytes;
    std::vector<SnmpOid> names;
    for (const auto& [name, value] : asked.bindings) names.push_back(name);
    for (std::int64_t row = 0; row < asked.error_index; ++row) {
        for (SnmpOid& name : names) {
            if (answer.bindings.size() >= most) return;
            answer.bindings.push_back(value_after(device, name));
            name = answer.bindings.back().first;
        }
    }
}

void refuse(SnmpMessage& answer, const SnmpMessage& asked, std::int64_t status,
            std::int64_t index) {
    answer.bindings = asked.bindings;
    answer.error_status = status;
    answer.error_index = index;
}

void answer_version_1(SnmpMessage& answer, const SnmpMessage& asked) {
    if (asked.kind == SnmpMessage::kBulk) return refuse(answer, asked, kGeneralError, 0);
    for (std::size_t i = 0; i < answer.bindings.size(); ++i) {
        if (answer.bindings[i].second.tag < SnmpTag::kNoSuchObject) continue;
        return refuse(answer, asked, kNoSuchName, static_cast<std::int64_t>(i) + 1);
    }
}

void misbehave(const SnmpDevice& device, const SnmpMessage& asked, SnmpMessage& answer) {
    switch (device.manner) {
        case Manner::kOtherId:
            answer.id += 1;
            break;
        case Manner::kOtherNames:
            for (auto& [name, value] : answer.bindings) name = {1, 3, 6, 1, 4, 1, 99999, 1};
            break;
        case Manner::kTexts:
            for (auto& [name, value] : answer.bindings) {
                if (value.tag < SnmpTag::kNoSuchObject) {
                    value = {.tag = SnmpTag::kText, .text = "no number\n\x1b[31m"};
                }
            }
            break;
        case Manner::kShort:
            if (answer.bindings.size() > 1) answer.bindings.pop_back();
            break;
        case Manner::kErrors:
            refuse(answer, asked, kGeneralError, 0);
            break;
        case Manner::kRefusesBulk:
            if (asked.kind == SnmpMessage::kBulk) refuse(answer, asked, kGeneralError, 0);
            break;
        case Manner::kVersion1:
            answer_version_1(answer, asked);
            break;
        default:
            break;
    }
}

}  // namespace

std::optional<SnmpMessage> reply_of(const SnmpDevice& device, const SnmpMessage& question) {
    const bool is_bulk = question.kind == SnmpMessage::kBulk;
    if (question.community != device.community || device.manner == Manner::kSilent ||
        (is_bulk && device.manner == Manner::kNoBulk)) {
        return std::nullopt;
    }
    SnmpMessage answer{.community = question.community,
                       .kind = SnmpMessage::kResponse,
                       .id = question.id,
                       .bindings = {}};
    if (is_bulk) {
        answer_bulk(device, question, answer);
    } else {
        for (const auto& [name, nothing] : question.bindings) {
            answer.bindings.push_back(question.kind == SnmpMessage::kGet
                                          ? value_at(device, name)
                                          : value_after(device, name));
        }
    }
    misbehave(device, question, answer);
    if (encode_snmp(answer).size() > device.message_bytes_max) {
        answer.bindings.clear();
        answer.error_status = kTooBig;
    }
    return answer;
}

std::string answer_snmp(const SnmpDevice& device, std::string_view question, std::uint64_t random) {
    const auto asked = decode_snmp(question);
    const auto answer = asked ? reply_of(device, *asked) : std::nullopt;
    if (!answer) return {};
    std::string bytes = encode_snmp(*answer);
    if (device.manner == Manner::kCut) bytes.resize(bytes.size() / 2);
    if (device.manner == Manner::kGarbage) {
        std::mt19937_64 generator(random);
        for (char& byte : bytes) byte = static_cast<char>(generator());
    }
    return bytes;
}

namespace {

struct Known {
    SnmpDevice device;
    std::size_t questions = 0;
};

struct Reply {
    Clock::time_point due;
    sockaddr_in to;
    in_addr from;
    std::string bytes;
};

void send_reply(int socket, const Reply& reply) {
    iovec part{const_cast<char*>(reply.bytes.data()), reply.bytes.size()};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(in_pktinfo))> control{};
    sockaddr_in to = reply.to;
    msghdr message{};
    message.msg_name = &to;
    message.msg_namelen = sizeof to;
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    cmsghdr* const header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = IPPROTO_IP;
    header->cmsg_type = IP_PKTINFO;
    header->cmsg_len = CMSG_LEN(sizeof(in_pktinfo));
    in_pktinfo info{};
    info.ipi_spec_dst = reply.from;
    std::memcpy(CMSG_DATA(header), &info, sizeof info);
    (void)::sendmsg(socket, &message, MSG_NOSIGNAL);
}

struct Question {
    sockaddr_in from;
    in_addr to;
    std::string_view bytes;
};

// None when there is none.
std::optional<Question> receive(int socket, std::span<char> buffer) {
    Question question{};
    iovec part{buffer.data(), buffer.size()};
    alignas(cmsghdr) std::array<char, 256> control{};
    msghdr message{};
    message.msg_name = &question.from;
    message.msg_namelen = sizeof question.from;
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    const ssize_t bytes = ::recvmsg(socket, &message, MSG_DONTWAIT);
    if (bytes < 0) return std::nullopt;
    question.bytes = {buffer.data(), static_cast<std::size_t>(bytes)};
    for (cmsghdr* at = CMSG_FIRSTHDR(&message); at != nullptr; at = CMSG_NXTHDR(&message, at)) {
        if (at->cmsg_level != IPPROTO_IP || at->cmsg_type != IP_PKTINFO) continue;
        in_pktinfo info{};
        std::memcpy(&info, CMSG_DATA(at), sizeof info);
        question.to = info.ipi_addr;
    }
    return question;
}

}  // namespace

struct SnmpAnswerer::State {
    int socket = -1;
    int port = 0;
    mutable std::mutex mutex;  // guards devices
    std::map<in_addr_t, Known> devices;
    std::deque<Reply> late;
    std::atomic<bool> stopping = false;
    std::thread thread;

    void serve();
    void answer(const Question& question);
    void send_due();
};

void SnmpAnswerer::State::answer(const Question& question) {
    const std::lock_guard lock(mutex);
    const auto found = devices.find(question.to.s_addr);
    if (found == devices.end()) return;
    auto& [device, questions] = found->second;
    ++questions;
    if (device.loses_every > 0 && questions % static_cast<std::size_t>(device.loses_every) == 0) {
        return;
    }
    std::string bytes = answer_snmp(device, question.bytes, questions);
    if (bytes.empty()) return;
    Reply reply{Clock::now() + device.delay, question.from, question.to, std::move(bytes)};
    if (device.delay.count() == 0) {
        send_reply(socket, reply);
    } else {
        late.push_back(std::move(reply));
    }
}

void SnmpAnswerer::State::send_due() {
    const Clock::time_point now = Clock::now();
    std::erase_if(late, [&](const Reply& reply) {
        if (reply.due > now) return false;
        send_reply(socket, reply);
        return true;
    });
}

void SnmpAnswerer::State::serve() {
    constexpr int kLookMilliseconds = 20;
    constexpr std::size_t kDatagramMax = 65536;
    std::string buffer(kDatagramMax, '\0');
    while (!stopping) {
        pollfd readable{.fd = socket, .events = POLLIN, .revents = 0};
        (void)::poll(&readable, 1, late.empty() ? kLookMilliseconds : 1);
        while (const auto question = receive(socket, buffer)) answer(*question);
        send_due();
    }
}

SnmpAnswerer::SnmpAnswerer() : state_(std::make_unique<State>()) {
    constexpr int kBufferBytes = 8 << 20;
    state_->socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    (void)::setsockopt(state_->socket, IPPROTO_IP, IP_PKTINFO, &on, sizeof on);
    (void)::setsockopt(state_->socket, SOL_SOCKET, SO_RCVBUF, &kBufferBytes, sizeof kBufferBytes);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    socklen_t size = sizeof address;
    auto* const system = reinterpret_cast<sockaddr*>(&address);
    if (::bind(state_->socket, system, size) != 0 ||
        ::getsockname(state_->socket, system, &size) != 0) {
        throw std::runtime_error("cannot bind a socket");
    }
    state_->port = ntohs(address.sin_port);
    state_->thread = std::thread([state = state_.get()] { state->serve(); });
}

SnmpAnswerer::~SnmpAnswerer() {
    state_->stopping = true;
    state_->thread.join();
    ::close(state_->socket);
}

int SnmpAnswerer::port() const noexcept {
    return state_->port;
}

namespace {

in_addr_t number_of(const std::string& address) {
    in_addr number{};
    if (::inet_pton(AF_INET, address.c_str(), &number) != 1) {
        throw std::runtime_error("no address: " + address);
    }
    return number.s_addr;
}

}  // namespace

void SnmpAnswerer::add(const std::string& address, SnmpDevice device) {
    const std::lock_guard lock(state_->mutex);
    state_->devices.insert_or_assign(number_of(address), Known{std::move(device)});
}

void SnmpAnswerer::change(const std::string& address,
                          const std::function<void(SnmpDevice&)>& change) {
    const std::lock_guard lock(state_->mutex);
    change(state_->devices.at(number_of(address)).device);
}

std::size_t SnmpAnswerer::questions(const std::string& address) const {
    const std::lock_guard lock(state_->mutex);
    return state_->devices.at(number_of(address)).questions;
}

}  // namespace kurabe::tests
