// The wrapper of Poco: accepts connections, turns each HTTP request into our Request and sends
// the handler's Response. Rule: RFC 9110, RFC 9112.
//
// We use Poco's TCP server, thread pool and message parser, but run the connection ourselves,
// because Poco's own loop reads an ignored body as the next request, takes a body that breaks off
// for a whole one, sends no answer when a handler throws std::exception, and lets slow or idle
// clients hold every thread.
#include "server/http_server.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <sstream>
#include <thread>
#include <utility>

#include <Poco/ErrorHandler.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/HTTPServerSession.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/TCPServer.h>
#include <Poco/Net/TCPServerConnectionFactory.h>
#include <Poco/String.h>
#include <Poco/ThreadPool.h>
#include <fmt/format.h>
#include <poll.h>

#include "server/connection_watch.hpp"
#include "server/http_error.hpp"
#include "server/http_head.hpp"
#include "server/http_reader.hpp"
#include "server/ip_network.hpp"
#include "server/request_text.hpp"
#include "server/tls.hpp"
#include "store/guarded.hpp"

namespace kurabe::server {
namespace {

namespace net = Poco::Net;

constexpr int kQueuedConnectionsMax = 256;
constexpr int kListenBacklog = 1024;
constexpr std::size_t kIgnoredBytesMax = 16 << 20;  // read from a refused client before closing
constexpr std::chrono::milliseconds kFarewell{1000};
constexpr std::chrono::milliseconds kHurriedHead{1000};

// ---- Reading a request ----

std::ptrdiff_t count(const net::HTTPRequest& request, std::string_view name) {
    return std::count_if(request.begin(), request.end(), [name](const auto& header) {
        return Poco::icompare(header.first, std::string(name)) == 0;
    });
}

// What Poco lets pass although a proxy in front may understand it differently.
std::expected<void, Response> check_head(const net::HTTPRequest& request) {
    const std::string& version = request.getVersion();
    if (version != "HTTP/1.1" && version != "HTTP/1.0")
        return refuse(505, "HTTP/1.1 is spoken here");
    for (const auto& [name, value] : request) {
        if (!is_token(name)) return refuse(400, "a header has a malformed name");
    }
    const auto hosts = count(request, "Host");
    if (hosts > 1 || (hosts == 0 && version == "HTTP/1.1")) {
        return refuse(400, "exactly one Host header is needed");
    }
    const auto lengths = count(request, "Content-Length");
    const auto encodings = count(request, "Transfer-Encoding");
    if (lengths + encodings > 1) return refuse(400, "the length of the body is ambiguous");
    if (encodings == 1 && !request.getChunkedTransferEncoding()) {
        return refuse(501, "of transfer encodings only chunked is known");
    }
    if (lengths == 1) {  // Poco takes signs and blanks
        const std::string& digits = request.get("Content-Length");
        if (digits.empty() || digits.find_first_not_of("0123456789") != std::string::npos) {
            return refuse(400, "Content-Length is not a number");
        }
    }
    if (lengths + encodings == 0 && request.getMethod() == "POST") {
        return refuse(411, "a POST needs a Content-Length");
    }
    return {};
}

bool has_body(const net::HTTPRequest& request) {
    return request.getChunkedTransferEncoding() || request.has("Content-Length");
}

std::optional<std::size_t> declared_length(const net::HTTPRequest& request) {
    if (request.getChunkedTransferEncoding()) return std::nullopt;
    return static_cast<std::size_t>(request.getContentLength64());
}

// Poco's, and what it keeps to itself: its own readers take too much for a request, and bodies that
// break off for whole ones.
class Session final : public net::HTTPServerSession {
  public:
    using net::HTTPServerSession::HTTPServerSession;

    // Whether another request comes. What was received or decrypted already does not show at the
    // socket.
    [[nodiscard]] bool has_more() {
        const bool is_first = std::exchange(is_first_, false);
        return !unread_.empty() || (!is_first && socket().available() > 0) || hasMoreRequests();
    }

    [[nodiscard]] ReadSome reader() {
        return [this](std::span<char> room) {
            if (unread_.empty()) fill();
            const std::string_view some = unread_.substr(0, room.size());
            std::ranges::copy(some, room.begin());
            unread_.remove_prefix(some.size());
            return std::string_view(room.data(), some.size());
        };
    }

  private:
    // Poco's own buffer is not used for less than it holds: each byte would be a system call.
    void fill() {
        const int got = read(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
        unread_ = {buffer_.data(), static_cast<std::size_t>(std::max(got, 0))};
    }

    std::array<char, 4096> buffer_{};
    std::string_view unread_;  // of the buffer
    bool is_first_ = true;
};

// False at the end of the connection. The headers are not read by Poco, which decodes the words of
// mails in them (RFC 2047): a name or a length could be written so that no proxy in front sees it.
std::expected<bool, Response> read_request(const ReadSome& read_some, net::HTTPRequest& request) {
    const auto head = read_head(read_some);
    if (!head) return std::unexpected(head.error());
    if (!*head) return false;
    const std::string& lines = **head;
    std::istringstream first(lines.substr(0, lines.find("\r\n")) + "\r\n\r\n");
    request.read(first);
    for (const auto& [name, value] : headers_of(lines)) {
        request.add(std::string(name), std::string(value));
    }
    return true;
}

// A request without its body.
std::expected<Request, Response> to_request(const net::HTTPRequest& incoming, std::string peer) {
    Request request;
    request.method = incoming.getMethod();
    request.peer = std::move(peer);
    for (const auto& [name, value] : incoming) request.headers.emplace_back(name, value);
    if (auto taken = take_target(incoming.getURI(), request); !taken) {
        return refuse(http_status(taken.error().code), taken.error().message);
    }
    return request;
}

// For the access log: without the query, and without anything where an address is no path.
std::string path_of(const std::string& uri) {
    if (!uri.starts_with('/')) return {};
    return uri.substr(0, uri.find_first_of("?#"));
}

// ---- Sending a response ----

// A header from outside must not become two.
std::string without_controls(std::string_view text) {
    std::string line;
    for (const char byte : text) {
        if (static_cast<unsigned char>(byte) >= 0x20 && byte != 0x7f) line += byte;
    }
    return line;
}

struct Delivery {
    bool with_body = true;  // false for HEAD
    bool keep_alive = false;
};

// Head and body in one piece: one system call for most answers.
std::string serialize(const Response& response, Delivery delivery) {
    const auto status = static_cast<net::HTTPResponse::HTTPStatus>(response.status);
    net::HTTPResponse head(net::HTTPMessage::HTTP_1_1, status);  // sets the reason, too
    head.setDate(Poco::Timestamp());
    head.setKeepAlive(delivery.keep_alive);
    for (const auto& [name, value] : response.headers) head.set(name, without_controls(value));
    if (response.status != 304) {
        head.setContentType(without_controls(response.content_type));
        head.setContentLength64(static_cast<Poco::Int64>(response.body.size()));
    }
    std::ostringstream text;
    head.write(text);
    std::string bytes = std::move(text).str();
    if (delivery.with_body && response.status != 304) bytes += response.body;
    return bytes;
}

void send_all(net::StreamSocket& socket, std::string_view bytes) {
    while (!bytes.empty()) {
        constexpr std::size_t kPieceMax = 1 << 20;
        const int length = static_cast<int>(std::min(bytes.size(), kPieceMax));
        const int sent = socket.sendBytes(bytes.data(), length);
        if (sent <= 0) return;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

// Closes so that a client which is still sending reads our answer: closing over unread bytes would
// reset the connection and take the answer with it.
void part_from(net::StreamSocket& socket) {
    socket.shutdownSend();
    std::array<char, 16384> ignored{};
    std::size_t total = 0;
    while (total < kIgnoredBytesMax) {
        const int got = socket.receiveBytes(ignored.data(), ignored.size());
        if (got <= 0) return;
        total += static_cast<std::size_t>(got);
    }
}

// ---- A connection ----

// Whether it is open: a client that wants no answer closes it. One that has merely sent all that it
// will send looks the same; no browser or proxy does that. What came before the end is no matter:
// over TLS something always does.
bool is_open(int descriptor) {
    pollfd look{.fd = descriptor, .events = POLLRDHUP, .revents = 0};
    return ::poll(&look, 1, 0) <= 0;
}

// What all connections of a server share.
struct Shared {
    HttpServer::Handler handler;
    Log& log;
    HttpDeadlines deadlines;
    BodyRule body_rule;
    int kept_alive_max = 0;
    HttpTraffic& traffic;
    AccessLog* access_log = nullptr;
    store::Guarded<std::shared_ptr<const TlsIdentity>> identity;
    net::HTTPServerParams::Ptr params;
    ConnectionWatch watch;
    const net::TCPServer* server = nullptr;  // set before the server starts

    [[nodiscard]] net::StreamSocket stream_of(const net::StreamSocket& accepted) const {
        const auto shown = *identity.lock_shared();
        return shown ? shown->over(accepted) : accepted;
    }

    // While others wait for a thread, nobody may take their time.
    [[nodiscard]] std::chrono::milliseconds head_deadline() const {
        return server->queuedConnections() > 0 ? std::min(deadlines.head, kHurriedHead)
                                               : deadlines.head;
    }

    // One thread per connection: when many are busy, nobody may keep one for later.
    [[nodiscard]] bool has_room() const {
        return server->currentConnections() <= kept_alive_max && server->queuedConnections() == 0;
    }
};

// A connection, while it is open.
class Counted {
  public:
    explicit Counted(HttpTraffic& traffic) : traffic_(traffic) { traffic_.connected(); }
    ~Counted() { traffic_.disconnected(); }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;

  private:
    HttpTraffic& traffic_;
};

class Connection final : public net::TCPServerConnection {
  public:
    Connection(const net::StreamSocket& socket, Shared& shared)
        : net::TCPServerConnection(socket), shared_(shared) {}

    void run() override {
        auto watched = shared_.watch.watch(descriptor());
        const Counted counted(shared_.traffic);
        try {
            socket().setNoDelay(true);
            stream_ = shared_.stream_of(socket());
            Session session(stream_, shared_.params);
            ConnectionWatch::Clock::duration wait = shared_.head_deadline();
            while (watched.begin(ConnectionPhase::kRequest, wait) && session.has_more()) {
                if (!watched.begin(ConnectionPhase::kRequest, shared_.head_deadline())) break;
                if (!serve_one(session, watched)) break;
                wait = shared_.deadlines.idle + shared_.deadlines.head;
            }
        } catch (const Poco::Exception&) {
            // The client is gone or was cut; there is nobody to tell.
            shared_.traffic.cut();
        } catch (const std::exception& error) {
            shared_.log.error("connection failed", {{"reason", error.what()}});
        }
    }

  private:
    using Clock = std::chrono::steady_clock;

    [[nodiscard]] int descriptor() { return socket().impl()->sockfd(); }

    // True when another request may follow.
    bool serve_one(Session& session, ConnectionWatch::Watched& watched) {
        told_ = {};
        begin_ = Clock::now();
        try {
            net::HTTPRequest incoming;
            const auto has_come = read_request(session.reader(), incoming);
            begin_ = Clock::now();
            if (!has_come) return turn_away(has_come.error(), watched);
            if (!*has_come) return false;
            told_ = {.method = incoming.getMethod(), .path = path_of(incoming.getURI())};
            std::shared_ptr<const void> kept;  // until this request is answered
            auto request = receive(incoming, session, watched, kept);
            if (!request) {
                return turn_away(in_form_of(incoming.getURI(), std::move(request).error()),
                                 watched);
            }
            request->is_wanted = [this] { return is_open(descriptor()); };
            return reply(incoming, *request, watched);
        } catch (const net::MessageException&) {
            return turn_away(refusal_page(400, "the request is malformed"), watched);
        } catch (const Poco::DataException&) {
            return turn_away(refusal_page(400, "Content-Length is not a usable number"), watched);
        }
    }

    [[nodiscard]] std::string peer() {
        const std::string address = socket().peerAddress().host().toString();
        return std::string(unmapped(address));
    }

    std::expected<Request, Response> receive(const net::HTTPRequest& incoming, Session& session,
                                             ConnectionWatch::Watched& watched,
                                             std::shared_ptr<const void>& kept) {
        auto checked = check_head(incoming);
        if (!checked) return std::unexpected(std::move(checked).error());
        auto request = to_request(incoming, peer());
        if (!request || !has_body(incoming)) return request;
        BodyDecision decision;
        const auto length = declared_length(incoming);
        if (shared_.body_rule) decision = shared_.body_rule(*request, length);
        if (decision.refusal) return std::unexpected(*std::move(decision.refusal));
        kept = std::move(decision.kept);
        const BodyPace pace(shared_.deadlines.body, BodyPace::Clock::now());
        const auto watch = [&pace, &watched](std::size_t received) {
            const auto now = BodyPace::Clock::now();
            (void)watched.begin(ConnectionPhase::kBody, pace.deadline(received, now) - now);
        };
        watch(0);
        if (incoming.getExpectContinue()) send_all(stream_, "HTTP/1.1 100 Continue\r\n\r\n");
        auto body = read_body(session.reader(), length, decision.bytes_max, watch);
        if (!body) return std::unexpected(std::move(body).error());
        if (request->method != "POST" && request->method != "PUT") return request;
        if (auto taken = take_body(*std::move(body), incoming.getContentType(), *request); !taken) {
            return refuse(http_status(taken.error().code), taken.error().message);
        }
        return request;
    }

    bool reply(const net::HTTPRequest& incoming, const Request& request,
               ConnectionWatch::Watched& watched) {
        (void)watched.begin(ConnectionPhase::kAnswer, shared_.deadlines.answer);
        const Response response = answer(request);
        // Poco reads no trailers after a last chunk and would take them for a request.
        const bool keep_alive =
            incoming.getKeepAlive() && !incoming.getChunkedTransferEncoding() && shared_.has_room();
        send_all(stream_, serialize(response, {.with_body = request.method != "HEAD",
                                               .keep_alive = keep_alive}));
        tell(response, request.method == "HEAD" ? 0 : response.body.size());
        return keep_alive;
    }

    // What was sent as an answer.
    void tell(const Response& response, std::size_t body_bytes) {
        const auto duration =
            std::chrono::duration_cast<HttpTraffic::Duration>(Clock::now() - begin_);
        shared_.traffic.answered(response.status, duration);
        if (shared_.access_log == nullptr || !shared_.access_log->is_kept()) return;
        shared_.access_log->write({.peer = peer(),
                                   .caller = response.caller,
                                   .method = told_.method,
                                   .path = told_.path,
                                   .status = response.status,
                                   .body_bytes = body_bytes,
                                   .duration = duration});
    }

    bool turn_away(Response response, ConnectionWatch::Watched& watched) {
        (void)watched.begin(ConnectionPhase::kAnswer, kFarewell);
        add_security_headers(response);
        send_all(stream_, serialize(response, {}));
        tell(response, response.body.size());
        part_from(stream_);
        return false;
    }

    Response answer(const Request& request) {
        try {
            return shared_.handler(request);
        } catch (const std::exception& error) {
            shared_.log.error("request failed", {{"path", request.path}, {"reason", error.what()}});
        } catch (...) {
            shared_.log.error("request failed", {{"path", request.path}});
        }
        Response response = in_form_of(
            request.path, refusal_page(500, "the server failed; its log has the reason"));
        add_security_headers(response);
        return response;
    }

    // Of the request that is answered, as it came; empty where it cannot be read.
    struct Told {
        std::string method;
        std::string path;
    };

    Shared& shared_;
    net::StreamSocket stream_;  // the socket's, or what is encrypted over it
    Told told_;
    Clock::time_point begin_ = {};  // when the head of the request that is answered was there
};

class ConnectionFactory final : public net::TCPServerConnectionFactory {
  public:
    explicit ConnectionFactory(Shared& shared) : shared_(shared) {}
    net::TCPServerConnection* createConnection(const net::StreamSocket& socket) override {
        return new Connection(socket, shared_);  // the dispatcher deletes it
    }

  private:
    Shared& shared_;
};

// Where Poco's threads report what nobody caught, such as a failing accept.
class ErrorLog final : public Poco::ErrorHandler {
  public:
    explicit ErrorLog(Log& log) : log_(log) { Poco::ErrorHandler::set(this); }
    ~ErrorLog() override {
        if (Poco::ErrorHandler::get() == this) Poco::ErrorHandler::set(defaultHandler());
    }
    ErrorLog(const ErrorLog&) = delete;
    ErrorLog& operator=(const ErrorLog&) = delete;

    void exception(const Poco::Exception& error) override { report(error.displayText()); }
    void exception(const std::exception& error) override { report(error.what()); }
    void exception() override { report("unknown exception"); }

  private:
    void report(const std::string& reason) {
        log_.error("HTTP server", {{"reason", reason}});
        // A failing accept is tried again at once, which must not take a whole core.
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    Log& log_;
};

}  // namespace

// ---- The server ----

struct HttpServer::Parts {
    Parts(const HttpServerOptions& options, Handler given, Log& log)
        : shared{.handler = std::move(given),
                 .log = log,
                 .deadlines = options.deadlines,
                 .body_rule = options.body_rule,
                 .kept_alive_max = std::max(0, options.threads - std::max(1, options.threads / 4)),
                 .traffic = options.traffic == nullptr ? own_traffic : *options.traffic,
                 .access_log = options.access_log,
                 .identity = store::Guarded(options.identity),
                 .params = new net::HTTPServerParams,
                 .watch = {}},
          errors(log),
          pool(2, std::max(2, options.threads)) {
        shared.params->setMaxThreads(std::max(2, options.threads));
        shared.params->setMaxQueued(kQueuedConnectionsMax);
        shared.params->setKeepAlive(true);
        shared.params->setKeepAliveTimeout(options.deadlines.idle.count() * 1000);
        shared.params->setTimeout(options.deadlines.answer.count() * 1000);
    }

    // Throws Poco's exceptions.
    void listen(const ListenAddress& address) {
        net::ServerSocket socket;
        // Not the constructor: it sets SO_REUSEPORT, with which two servers share one port unseen.
        socket.bind(net::SocketAddress(address.address, address.port), true, false);
        socket.listen(kListenBacklog);
        server = std::make_unique<net::TCPServer>(new ConnectionFactory(shared), pool, socket,
                                                  net::TCPServerParams::Ptr(shared.params));
        shared.server = server.get();
        port = socket.address().port();
        server->start();
    }

    HttpTraffic own_traffic;  // of those who want no numbers
    Shared shared;
    ErrorLog errors;
    Poco::ThreadPool pool;
    std::unique_ptr<net::TCPServer> server;
    std::uint16_t port = 0;
};

Result<std::unique_ptr<HttpServer>> HttpServer::start(const HttpServerOptions& options,
                                                      Handler handler, Log& log) {
    auto parts = std::make_unique<Parts>(options, std::move(handler), log);
    const auto failed = [&options](ErrorCode code, const std::string& reason) {
        return fail(code, fmt::format("cannot listen on {} port {}: {}", options.listen.address,
                                      options.listen.port, reason));
    };
    try {
        parts->listen(options.listen);
    } catch (const Poco::Exception& error) {
        const bool taken = error.code() == EADDRINUSE;
        return failed(taken ? ErrorCode::kInUse : ErrorCode::kSystem,
                      taken ? "the port is in use" : error.displayText());
    }
    return std::unique_ptr<HttpServer>(new HttpServer(std::move(parts)));
}

HttpServer::HttpServer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

HttpServer::~HttpServer() {
    stop();
}

std::uint16_t HttpServer::port() const noexcept {
    return parts_->port;
}

void HttpServer::show(std::shared_ptr<const TlsIdentity> identity) {
    *parts_->shared.identity.lock() = std::move(identity);
}

void HttpServer::stop() {
    if (!parts_->server) return;
    parts_->server->stop();        // no new connections
    parts_->shared.watch.close();  // idle ones end; those at work finish their answer
    parts_->pool.joinAll();        // only then may what they use go
    parts_->server.reset();
}

}  // namespace kurabe::server
