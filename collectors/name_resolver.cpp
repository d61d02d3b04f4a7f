// Threads that are started when names wait, share a queue, and end with the resolver. They are
// detached, because a program that ends must not wait for a dead name server.
#include "collectors/name_resolver.hpp"

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <netdb.h>
#include <sys/eventfd.h>

#include "collectors/descriptor.hpp"

namespace kurabe::collectors {
namespace {

Result<Addresses> ask(const std::string& host, std::uint16_t port, int flags) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = flags | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    const int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
    if (error != 0) {
        const std::string reason =
            error == EAI_SYSTEM ? std::generic_category().message(errno) : ::gai_strerror(error);
        return fail(ErrorCode::kSystem, fmt::format("cannot look up {}: {}", host, reason));
    }
    Addresses addresses;
    for (const addrinfo* entry = found; entry != nullptr && addresses.size() < kAddressesMax;
         entry = entry->ai_next) {
        SocketAddress address{.storage = {}, .size = entry->ai_addrlen};
        std::memcpy(&address.storage, entry->ai_addr, entry->ai_addrlen);
        addresses.push_back(address);
    }
    ::freeaddrinfo(found);
    return addresses;
}

}  // namespace

class NameResolver::Lookup {
  public:
    std::string host;
    std::uint16_t port = 0;
    std::mutex mutex;  // guards answer
    std::optional<Result<Addresses>> answer;
};

struct NameResolver::Shared {
    Descriptor event;
    std::mutex mutex;  // guards what follows
    std::condition_variable changed;
    std::deque<std::weak_ptr<Lookup>> queue;
    std::size_t threads = 0;
    std::size_t idle = 0;
    bool stopping = false;
};

namespace {

// Null when it is time to end.
std::shared_ptr<NameResolver::Lookup> next(NameResolver::Shared& shared) {
    std::unique_lock lock(shared.mutex);
    while (true) {
        ++shared.idle;
        shared.changed.wait(lock, [&] { return shared.stopping || !shared.queue.empty(); });
        --shared.idle;
        if (shared.stopping) return nullptr;
        auto lookup = shared.queue.front().lock();
        shared.queue.pop_front();
        if (lookup) return lookup;
    }
}

void work(const std::shared_ptr<NameResolver::Shared>& shared) {
    while (const auto lookup = next(*shared)) {
        auto answer = ask(lookup->host, lookup->port, AI_ADDRCONFIG);
        {
            const std::lock_guard lock(lookup->mutex);
            lookup->answer = std::move(answer);
        }
        (void)::eventfd_write(shared->event.number(), 1);
    }
}

}  // namespace

NameResolver::NameResolver() : shared_(std::make_shared<Shared>()) {
    shared_->event = Descriptor(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
}

NameResolver::~NameResolver() {
    {
        const std::lock_guard lock(shared_->mutex);
        shared_->stopping = true;
    }
    shared_->changed.notify_all();
}

std::shared_ptr<NameResolver::Lookup> NameResolver::look_up(const std::string& host,
                                                            std::uint16_t port) {
    auto lookup = std::make_shared<Lookup>();
    lookup->host = host;
    lookup->port = port;
    if (auto address = ask(host, port, AI_NUMERICHOST)) {
        lookup->answer = std::move(address);
        return lookup;
    }
    const std::lock_guard lock(shared_->mutex);
    shared_->queue.push_back(lookup);
    if (shared_->idle < shared_->queue.size() && shared_->threads < kResolverThreadsMax) {
        std::thread(work, shared_).detach();
        ++shared_->threads;
    }
    shared_->changed.notify_one();
    return lookup;
}

std::optional<Result<Addresses>> NameResolver::take(Lookup& lookup) {
    const std::lock_guard lock(lookup.mutex);
    return std::exchange(lookup.answer, std::nullopt);
}

int NameResolver::descriptor() const noexcept {
    return shared_->event.number();
}

void NameResolver::drain() noexcept {
    eventfd_t count = 0;
    (void)::eventfd_read(shared_->event.number(), &count);
}

}  // namespace kurabe::collectors
