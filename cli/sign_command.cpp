// `kurabe sign`: an address that shows one picture without a login.
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "cli/access_place.hpp"
#include "cli/commands.hpp"
#include "server/access/secret_text.hpp"
#include "server/access/signature.hpp"
#include "server/request_text.hpp"
#include "server/routes.hpp"
#include "store/duration.hpp"

namespace kurabe::cli {

namespace {

// The key that signs, made when there is none yet.
Result<server::Digest> signing_key(const server::SecretFile& file) {
    auto text = server::read_secret(file);
    if (!text && text.error().code == ErrorCode::kNotFound) {
        auto made = server::change_secret(file, [](std::string_view had) -> Result<std::string> {
            if (!had.empty()) return std::string(had);  // another one was first
            return server::new_signing_key();
        });
        if (!made) return std::unexpected(made.error());
        text = server::read_secret(file);
    }
    if (!text) return std::unexpected(text.error());
    const auto keys = server::parse_signing_keys(*text, file.path.native());
    if (!keys) return std::unexpected(keys.error());
    if (keys->empty()) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("{}: has no key; remove it, and 'kurabe sign' makes one",
                                file.path.native()));
    }
    return keys->front();
}

// Whether a signature would let it through.
Result<void> check_is_picture(std::string_view url) {
    server::Request request;
    if (auto taken = server::take_target(url, request); !taken) return taken;
    const server::Route* const route = server::find_route(request);
    if (route != nullptr && route->needs == server::Needs::kLoginOrSignature) return {};
    return fail(ErrorCode::kInvalid,
                fmt::format("{} is no picture; addresses of pictures are signed, such as "
                            "'/graph?address=HOST&plugin_identifier=PLUGIN&graph=GRAPH'",
                            request.path));
}

}  // namespace

Result<void> run_sign(const SignCommand& command, const Environment& environment,
                      rrdtool::Output& out) {
    if (auto checked = check_is_picture(command.url); !checked) return checked;
    const auto duration = store::parse_duration(command.expires);
    if (!duration) return fail(ErrorCode::kInvalid, "--expires: " + duration.error().message);
    const auto files = access_files(command.place);
    if (!files) return std::unexpected(files.error());
    const auto key = signing_key({.path = files->signing_keys,
                                  .bytes_max = server::kSigningFileBytesMax,
                                  .credentials = environment.credentials});
    if (!key) return std::unexpected(key.error());
    const auto url = server::sign_url(command.url, environment.now() + *duration, *key);
    if (!url) return std::unexpected(url.error());
    out.write(*url + "\n");
    return {};
}

}  // namespace kurabe::cli
