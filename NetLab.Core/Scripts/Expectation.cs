using System.Collections.Immutable;
using NetLab.Core.Interop;
using NetLab.Core.Tcp;

namespace NetLab.Core.Scripts;

/// <summary>What a step is to come to.</summary>
public abstract record Outcome;

/// <summary>recv returns 0: the peer has sent its FIN.</summary>
public sealed record EndOfFile : Outcome;

/// <summary>The call fails with this error.</summary>
public sealed record Fails(Errno Error) : Outcome;

/// <summary>The step fails with these words in its message.</summary>
public sealed record FailsSaying(string Words) : Outcome;

/// <summary>The step receives exactly these bytes.</summary>
public sealed record Yields(ReadOnlyMemory<byte> Text) : Outcome;

/// <summary>The call returns this number.</summary>
public sealed record Returns(long Number) : Outcome;

/// <summary>Something that the whole run is to come to.</summary>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Source">The line as written, without comment.</param>
public abstract record Expectation(int Line, string Source);

/// <summary>A socket's path through the states; a null element stands for any stretch (<c>...</c>).</summary>
public sealed record ExpectPath(int Line, string Source, SocketReference Socket, ImmutableArray<TcpState?> Path) : Expectation(Line, Source);

/// <summary>All the bytes an actor sent or received, or how many.</summary>
public sealed record ExpectBytes(int Line, string Source, string Actor, Direction Direction, ReadOnlyMemory<byte>? Text, long Count)
    : Expectation(Line, Source);

/// <summary>Packets that an actor's sockets sent and that carry all of these flags.</summary>
/// <param name="Line">Its line.</param>
/// <param name="Source">Its text.</param>
/// <param name="Actor">The sender.</param>
/// <param name="Flags">TCP flags as in the header: FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32, ECE 64, CWR 128.</param>
/// <param name="Count">How many; null for at least one.</param>
public sealed record ExpectPacket(int Line, string Source, string Actor, byte Flags, int? Count) : Expectation(Line, Source);

/// <summary>The run, from its first step to its last, takes no longer.</summary>
public sealed record ExpectWithin(int Line, string Source, Duration Limit) : Expectation(Line, Source);

/// <summary>An actor's step, by its verb: the n-th of it that the actor did.</summary>
/// <param name="Actor">The actor.</param>
/// <param name="Verb">The verb.</param>
/// <param name="Count">Which one, from 1.</param>
public readonly record struct StepMark(string Actor, string Verb, int Count)
{
    /// <inheritdoc/>
    public override string ToString() => Count == 1 ? $"{Actor} {Verb}" : $"{Actor} {Verb} {Count}";
}

/// <summary>One step is done before another.</summary>
public sealed record ExpectOrder(int Line, string Source, StepMark First, StepMark Second) : Expectation(Line, Source);

/// <summary>On which side of a time a step's length lies.</summary>
public enum SpanBound
{
    /// <summary>It takes no less.</summary>
    AtLeast,

    /// <summary>It takes no more.</summary>
    AtMost,
}

/// <summary>How long a step takes, from its beginning to its end.</summary>
public sealed record ExpectSpan(int Line, string Source, StepMark Step, SpanBound Bound, Duration Length) : Expectation(Line, Source);
