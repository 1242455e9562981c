namespace NetLab.Core.Http;

/// <summary>What a status code means (RFC 9110 section 15 and IANA's registry), in one sentence.</summary>
public static class HttpStatus
{
    /// <summary>The sentence; of a code that nobody registered, what its class means.</summary>
    public static string Explain(int code) => code switch
    {
        100 => "The server will take the body: go on sending it.",
        101 => "The server changes to the protocol that Upgrade names.",
        102 => "The server works on it and has nothing to say yet.",
        103 => "Fields that the response will probably have, so that links can be fetched already.",
        200 => "Done; the body is what was asked for.",
        201 => "Done; something new is there, at Location.",
        202 => "Taken, but not done yet.",
        203 => "Done; a proxy changed the body on its way.",
        204 => "Done; there is nothing to send back.",
        205 => "Done; the form that was sent may be emptied.",
        206 => "Only the part of it that Range asked for.",
        207 => "Several statuses, one a resource, in the body.",
        300 => "There are several forms of it; choose one.",
        301 => "It has moved for good, to Location; POST may become GET there.",
        302 => "It is at Location for now; POST may become GET there.",
        303 => "The answer is at Location, to be fetched with GET.",
        304 => "What the client has already is still right; so there is no body.",
        305 => "No longer used: it was to be fetched through a proxy.",
        307 => "It is at Location for now; ask there with the same method and body.",
        308 => "It has moved for good, to Location; ask there with the same method and body.",
        400 => "The server could not make sense of the request.",
        401 => "The server wants to know who asks: WWW-Authenticate says how to tell it.",
        402 => "Kept for payments; hardly anybody uses it.",
        403 => "The server understood, and refuses.",
        404 => "There is nothing at this target.",
        405 => "The target does not take this method; Allow lists those that it takes.",
        406 => "The server has no form of it that Accept would take.",
        407 => "The proxy wants to know who asks.",
        408 => "The request took too long to come.",
        409 => "The request does not fit the state that the target is in.",
        410 => "It was there, and is gone for good.",
        411 => "The server wants a Content-Length.",
        412 => "A condition that the request named does not hold.",
        413 => "The body is larger than the server takes.",
        414 => "The target is longer than the server takes.",
        415 => "The server does not take a body of this type.",
        416 => "The part that Range asked for is not there.",
        417 => "The server does not do what Expect asks for.",
        418 => "A joke of RFC 2324: a teapot brews no coffee.",
        421 => "This server does not answer for that host.",
        422 => "The body is well formed, but cannot be followed.",
        423 => "The target is locked.",
        424 => "It failed because something before it failed.",
        425 => "It came so early that it might be a replay.",
        426 => "The server wants another protocol; Upgrade names it.",
        428 => "The server wants a condition with the request, lest changes get lost.",
        429 => "Too many requests; Retry-After says when to come again.",
        431 => "The header fields are larger than the server takes.",
        451 => "It is withheld for reasons of law.",
        500 => "The server failed; the request need not be wrong.",
        501 => "The server does not know the method.",
        502 => "The server behind this one gave no proper answer.",
        503 => "The server cannot answer for now; Retry-After may say when.",
        504 => "The server behind this one did not answer in time.",
        505 => "The server does not speak this version of HTTP.",
        506 => "The server's choice of forms is wrongly set up.",
        507 => "The server has no room for it.",
        508 => "The server went round in a circle.",
        511 => "The network wants you to sign in first.",
        _ => ClassOf(code),
    };

    /// <summary>What the first digit alone says.</summary>
    public static string ClassOf(int code) => (code / 100) switch
    {
        1 => "1xx: not the answer yet; it follows.",
        2 => "2xx: done.",
        3 => "3xx: something else must be asked.",
        4 => "4xx: the client asked wrongly.",
        5 => "5xx: the server failed.",
        _ => "No class of statuses that HTTP knows.",
    };

    /// <summary>Whether Location is to be asked next (RFC 9110 section 15.4).</summary>
    public static bool IsRedirect(int code) => code is 301 or 302 or 303 or 307 or 308;
}
