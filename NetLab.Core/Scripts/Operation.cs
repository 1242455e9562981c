using NetLab.Core.Tcp;

namespace NetLab.Core.Scripts;

/// <summary>What a step does, with its arguments.</summary>
public abstract record Operation
{
    /// <summary>The socket it names with <c>on</c> (or as its own argument); null for the newest open one.</summary>
    public string? On { get; init; }

    /// <summary>Whether it is about a socket of its actor, so that there has to be one.</summary>
    public virtual bool TakesSocket => true;

    /// <summary>The address it binds, connects or sends to; else null.</summary>
    public virtual AddressText? Target => null;
}

/// <summary>The address family that a script's word names.</summary>
public enum SocketFamily
{
    /// <summary>AF_INET.</summary>
    Inet,

    /// <summary>AF_INET6.</summary>
    Inet6,

    /// <summary>AF_UNIX.</summary>
    Unix,
}

/// <summary>The socket type that a script's word names.</summary>
public enum SocketKind
{
    /// <summary>SOCK_STREAM.</summary>
    Stream,

    /// <summary>SOCK_DGRAM.</summary>
    Dgram,
}

/// <summary>What poll and select ask for.</summary>
public enum Readiness
{
    /// <summary>POLLIN.</summary>
    Readable,

    /// <summary>POLLOUT.</summary>
    Writable,
}

/// <summary>socket(2).</summary>
public sealed record OpenSocket(SocketFamily Family, SocketKind Kind, string Name) : Operation
{
    /// <inheritdoc/>
    public override bool TakesSocket => false;
}

/// <summary>setsockopt(2). <paramref name="Value"/> is null for <c>off</c>.</summary>
public sealed record SetOption(SocketOption Option, int? Value) : Operation;

/// <summary>getsockopt(2); the step's result is the option's value.</summary>
public sealed record GetOption(SocketOption Option) : Operation;

/// <summary>bind(2).</summary>
public sealed record Bind(AddressText Address) : Operation
{
    /// <inheritdoc/>
    public override AddressText Target => Address;
}

/// <summary>listen(2).</summary>
public sealed record Listen(int Backlog) : Operation;

/// <summary>accept4(2) on the named socket, or the newest that listens.</summary>
public sealed record Accept(string Name) : Operation;

/// <summary>connect(2).</summary>
public sealed record Connect(AddressText Address) : Operation
{
    /// <inheritdoc/>
    public override AddressText Target => Address;
}

/// <summary>send(2) of the text, repeated in one buffer.</summary>
public sealed record Send(ReadOnlyMemory<byte> Text, int Times) : Operation;

/// <summary>How recv and recvfrom read.</summary>
public enum ReceiveMode
{
    /// <summary>One call.</summary>
    Once,

    /// <summary>As many calls as it takes to get the whole number of bytes.</summary>
    Exactly,

    /// <summary>MSG_PEEK: the bytes stay in the queue.</summary>
    Peek,

    /// <summary>MSG_TRUNC: the result is a datagram's real length, even if it was cut off.</summary>
    Truncate,
}

/// <summary>recv(2).</summary>
public sealed record Receive(int Bytes, ReceiveMode Mode) : Operation;

/// <summary>sendto(2).</summary>
public sealed record SendTo(AddressText Address, ReadOnlyMemory<byte> Text) : Operation
{
    /// <inheritdoc/>
    public override AddressText Target => Address;
}

/// <summary>recvfrom(2).</summary>
public sealed record ReceiveFrom(int Bytes, ReceiveMode Mode) : Operation;

/// <summary>shutdown(2); <paramref name="How"/> is SHUT_RD (0), SHUT_WR (1) or SHUT_RDWR (2).</summary>
public sealed record Shutdown(int How) : Operation;

/// <summary>fcntl(2) with F_SETFL: the socket blocks or does not.</summary>
public sealed record SetBlocking(BlockingMode Mode) : Operation;

/// <summary>Whether calls on a socket block.</summary>
public enum BlockingMode
{
    /// <summary>They do.</summary>
    Blocking,

    /// <summary>They fail with EAGAIN instead.</summary>
    Nonblocking,
}

/// <summary>Which sockets poll and select ask about.</summary>
public enum Watched
{
    /// <summary>The one that is named, or the newest.</summary>
    One,

    /// <summary>Every open one of the actor.</summary>
    All,
}

/// <summary>poll(2); no time limit if <paramref name="Timeout"/> is null.</summary>
public sealed record Poll(Readiness Readiness, Watched Watched, Duration? Timeout) : Operation;

/// <summary>select(2); no time limit if <paramref name="Timeout"/> is null.</summary>
public sealed record Select(Readiness Readiness, Watched Watched, Duration? Timeout) : Operation;

/// <summary>A close that sends RST: SO_LINGER with no time, then close(2).</summary>
public sealed record Abort : Operation;

/// <summary>A close of which the peer learns nothing: TCP_REPAIR, then close(2).</summary>
public sealed record Vanish : Operation;

/// <summary>setsockopt(2) with SO_ATTACH_FILTER and a filter that lets nothing pass.</summary>
public sealed record Unplug : Operation;

/// <summary>close(2).</summary>
public sealed record Close : Operation;

/// <summary>Lets time pass.</summary>
public sealed record Sleep(Duration Length) : Operation
{
    /// <inheritdoc/>
    public override bool TakesSocket => false;
}

/// <summary>Waits until a socket of the script is in a state.</summary>
public sealed record WaitFor(SocketReference Socket, TcpState State) : Operation
{
    /// <inheritdoc/>
    public override bool TakesSocket => false;
}

/// <summary>Waits until another actor has done a verb so many times.</summary>
public sealed record After(string Actor, string Verb, int Count) : Operation
{
    /// <inheritdoc/>
    public override bool TakesSocket => false;
}

/// <summary>Begins a loop; <paramref name="EndIndex"/> is the index of its <c>end</c>.</summary>
public sealed record Repeat(int Count, int EndIndex) : Operation
{
    /// <inheritdoc/>
    public override bool TakesSocket => false;
}

/// <summary>Ends a loop; <paramref name="RepeatIndex"/> is the index of its <c>repeat</c>.</summary>
public sealed record EndRepeat(int RepeatIndex) : Operation
{
    /// <inheritdoc/>
    public override bool TakesSocket => false;
}
