using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Experiments.Annotation;

/// <summary>
/// Who may see the page: a browser that opened a link of this program's, which holds once. Pages of other servers cannot make that browser
/// ask here in its name: neither under another name of this machine (DNS rebinding) nor from another origin.
/// </summary>
internal sealed class AccessGate
{
    private const int SecretBytes = 32;

    private static readonly string[] HostNames = ["127.0.0.1", "localhost"];

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Participant> _sessions = new(StringComparer.Ordinal);
    private readonly HashSet<string> _links = new(StringComparer.Ordinal);
    private readonly int _port;

    /// <param name="port">Where the page is.</param>
    public AccessGate(int port) => _port = port;

    // Cookies know no ports: those of two pages at once must not be the same.
    private string CookieName => $"dlens-{_port}";

    /// <summary>A link that lets one browser in.</summary>
    public string NewLink()
    {
        string token = NewSecret();
        lock (_lock)
        {
            _links.Add(Hash(token));
        }

        return $"http://127.0.0.1:{_port}/?token={token}";
    }

    /// <summary>Why a request is refused whoever it is from; null where it is not.</summary>
    public static string? Refusal(HttpRequest request)
    {
        if (!HostNames.Contains(request.Host.Host))
        {
            return "This page is on 127.0.0.1 alone.";
        }

        string? origin = request.Headers.Origin;
        bool isForeign = origin is not null && origin != $"http://{request.Host}";
        bool isOpenedByLink = request.Method == "GET" && request.Path == "/" && origin is null;

        // A page on another port of this machine is of the same site, and the cookie goes with what it asks.
        bool isOfAnotherPage = request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site";
        return isForeign || (isOfAnotherPage && !isOpenedByLink)
            ? "Another page asks for this; it is not let in."
            : null;
    }

    /// <summary>Takes a link's token in: it holds no more, and the browser has a cookie in its place.</summary>
    /// <param name="join">Makes who is there from now on.</param>
    /// <returns>Whether it was one that holds.</returns>
    public bool Enter(HttpContext context, Func<Participant> join)
    {
        if (context.Request.Query["token"] is not [string token])
        {
            return false;
        }

        lock (_lock)
        {
            if (!_links.Remove(Hash(token)))
            {
                return false;
            }

            string secret = NewSecret();
            _sessions.Add(Hash(secret), join());
            context.Response.Cookies.Append(
                CookieName, secret, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/" });
            return true;
        }
    }

    /// <summary>Whose browser a request is from; null: of nobody who was let in.</summary>
    public Participant? Of(HttpRequest request)
    {
        if (request.Cookies[CookieName] is not string secret)
        {
            return null;
        }

        lock (_lock)
        {
            return _sessions.GetValueOrDefault(Hash(secret));
        }
    }

    private static string NewSecret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes));

    // Looked up by hash: how long a look takes says nothing of the secret.
    private static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
