namespace NetLab.Core.Views;

/// <summary>What a system call does to a connection, by which it is joined to packets and states.</summary>
public enum CallKind : byte
{
    /// <summary>Nothing that a packet or a state tells of.</summary>
    Other,

    /// <summary>It opens actively: connect.</summary>
    Connects,

    /// <summary>It opens passively: listen.</summary>
    Listens,

    /// <summary>It takes a connection that has come: accept.</summary>
    Accepts,

    /// <summary>It sends: send, write and their kin.</summary>
    Sends,

    /// <summary>It receives: recv, read and their kin.</summary>
    Receives,

    /// <summary>It ends: close, shutdown.</summary>
    Closes,
}

/// <summary>The kinds of the calls by their names.</summary>
public static class CallKinds
{
    /// <summary>What a call of this name does.</summary>
    public static CallKind Of(string name) => name switch
    {
        "connect" => CallKind.Connects,
        "listen" => CallKind.Listens,
        "accept" or "accept4" => CallKind.Accepts,
        "send" or "sendto" or "sendmsg" or "sendmmsg" or "write" or "writev" or "sendfile" or "splice" => CallKind.Sends,
        "recv" or "recvfrom" or "recvmsg" or "recvmmsg" or "read" or "readv" or "aio_return" or "IORING_OP_RECV" => CallKind.Receives,
        "close" or "shutdown" => CallKind.Closes,
        _ => CallKind.Other,
    };
}
