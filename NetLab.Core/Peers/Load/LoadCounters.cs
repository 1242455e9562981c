using System.Net.Sockets;

namespace NetLab.Core.Peers;

/// <summary>What became of a request that got no answer.</summary>
public enum LoadError
{
    /// <summary>The connection was refused: nobody listens there.</summary>
    Refused,

    /// <summary>The connection was reset (RST).</summary>
    Reset,

    /// <summary>Nothing came in the time that was allowed, neither a connection nor the rest of an answer.</summary>
    TimedOut,

    /// <summary>The server closed before the answer was whole.</summary>
    ClosedEarly,

    /// <summary>What came is no answer: not HTTP, or not the bytes that were sent.</summary>
    WrongAnswer,

    /// <summary>No way leads there.</summary>
    Unreachable,

    /// <summary>This machine has no port left for one more connection (EADDRNOTAVAIL).</summary>
    NoPortLeft,

    /// <summary>This process may open no more sockets (EMFILE).</summary>
    NoDescriptorLeft,

    /// <summary>Anything else.</summary>
    Other,
}

/// <summary>What all connections of a load count together.</summary>
internal sealed class LoadCounters
{
    public static readonly int Kinds = Enum.GetValues<LoadError>().Length;

    public readonly long[] Errors = new long[Kinds];

    // By the hundreds of the status code.
    public readonly long[] Statuses = new long[10];

    public long Sent, Answered, Opened, Open, BytesSent, BytesReceived, LastAnswer;

    public void Count(LoadError error) => Interlocked.Increment(ref Errors[(int)error]);

    public static LoadError KindOf(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => LoadError.Refused,
        SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown => LoadError.Reset,
        SocketError.TimedOut => LoadError.TimedOut,
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.NetworkDown or SocketError.HostDown => LoadError.Unreachable,
        SocketError.AddressNotAvailable or SocketError.AddressAlreadyInUse => LoadError.NoPortLeft,
        SocketError.TooManyOpenSockets => LoadError.NoDescriptorLeft,
        _ => LoadError.Other,
    };
}
