using System.Collections.Immutable;
using NetLab.Core.Interop;

namespace NetLab.Core.Scripts;

/// <summary>A system call that a step made.</summary>
/// <param name="Name">Its name, "accept4".</param>
/// <param name="Fd">The descriptor it is about; -1 if none.</param>
/// <param name="Arguments">Its arguments in words, without the descriptor.</param>
/// <param name="Result">What it returned; -1 on failure.</param>
/// <param name="Error">Why it failed, or <see cref="Errno.None"/>.</param>
/// <param name="Start">Just before it.</param>
/// <param name="End">Just after it.</param>
public sealed record CallReport(string Name, int Fd, string Arguments, long Result, Errno Error, Timestamp Start, Timestamp End);

/// <summary>What came of a step.</summary>
/// <param name="Start">When it had passed the gate.</param>
/// <param name="End">When it was done.</param>
/// <param name="Result">What its call returned: a descriptor, bytes, an option's value; -1 on failure.</param>
/// <param name="Error">Why its call failed, or <see cref="Errno.None"/>.</param>
/// <param name="Failure">The sentence that says why the step failed; null if it came out as the script expects.</param>
public sealed record StepReport(Timestamp Start, Timestamp End, long Result, Errno Error, string? Failure)
{
    /// <summary>"= 36" or "ECONNREFUSED", as the screen shows it beside the step.</summary>
    public string Detail => Error == Errno.None ? $"= {Result}" : Error.Name();
}

/// <summary>A socket of an actor as the runner knows it: the facts by which it is joined to packets, states and the socket table.</summary>
/// <param name="ActorIndex">The actor's place in the script.</param>
/// <param name="Name">Its name, "listener"; the second of a name is "connection.2".</param>
/// <param name="Fd">Its descriptor.</param>
/// <param name="Inode">Its inode.</param>
/// <param name="Local">Its own address as getsockname gives it; unknown before it has one, and for unix sockets.</param>
/// <param name="Remote">Its peer's; unknown if it has none.</param>
public sealed record SocketReport(int ActorIndex, string Name, int Fd, ulong Inode, Endpoint Local, Endpoint Remote);

/// <summary>How a run ended.</summary>
public enum RunStatus
{
    /// <summary>Every actor came to its end.</summary>
    Done,

    /// <summary>An actor failed.</summary>
    Failed,

    /// <summary>It was cancelled.</summary>
    Cancelled,

    /// <summary>It took longer than its time limit.</summary>
    TimedOut,
}

/// <summary>Why an actor stopped.</summary>
/// <param name="Actor">Its name.</param>
/// <param name="Line">The line of the step at which it stopped.</param>
/// <param name="Message">"hello.lab:7: server: bind …", one sentence.</param>
public sealed record RunFailure(string Actor, int Line, string Message);

/// <summary>How a run ended, with what failed first standing first.</summary>
public sealed record RunOutcome(RunStatus Status, ImmutableArray<RunFailure> Failures, Timestamp Start, Timestamp End)
{
    /// <summary>From the first step to the last.</summary>
    public Duration Duration => End - Start;
}

/// <summary>Hears of a run as it happens, on the threads of the actors: what listens must bear several at once, and must not throw.</summary>
public interface IRunObserver
{
    /// <summary>A step waits for another actor, or at the gate; <paramref name="reason"/> says for what.</summary>
    void StepWaiting(Timestamp time, StepContext context, string reason)
    {
    }

    /// <summary>A step has passed the gate; its call comes next.</summary>
    void StepStarted(Timestamp time, StepContext context)
    {
    }

    /// <summary>A step's call has returned. recv exactly and abort make several.</summary>
    void CallReturned(StepContext context, CallReport call)
    {
    }

    /// <summary>A step is done or has failed.</summary>
    void StepFinished(StepContext context, StepReport report)
    {
    }

    /// <summary>Bytes were handed to the kernel; the span is valid only during the call.</summary>
    void BytesSent(Timestamp time, SocketReport socket, ReadOnlySpan<byte> bytes)
    {
    }

    /// <summary>Bytes came from the kernel; the span is valid only during the call.</summary>
    void BytesReceived(Timestamp time, SocketReport socket, ReadOnlySpan<byte> bytes)
    {
    }

    /// <summary>A socket was made or accepted.</summary>
    void SocketOpened(Timestamp time, SocketReport socket)
    {
    }

    /// <summary>A socket's addresses became known: after bind, connect and accept.</summary>
    void SocketNamed(Timestamp time, SocketReport socket)
    {
    }

    /// <summary>
    /// A socket is about to connect, on the step's thread. A connect that fails leaves no address behind by which the states it went through could be
    /// told to be this socket's.
    /// </summary>
    void SocketConnects(Timestamp time, StepContext context, SocketReport socket)
    {
    }

    /// <summary>A socket was closed, by its actor or because the run or the actor is over.</summary>
    void SocketClosed(Timestamp time, SocketReport socket)
    {
    }

    /// <summary>Every actor has ended; sockets that they forgot to close are still open, and are closed when this returns.</summary>
    void ActorsFinished(Timestamp time)
    {
    }

    /// <summary>The run is over and nothing of it is left.</summary>
    void RunFinished(RunOutcome outcome)
    {
    }
}
