namespace NetLab.Core.Peers;

/// <summary>How far an answer is after the bytes that came.</summary>
public enum AnswerProgress
{
    /// <summary>More must come.</summary>
    More,

    /// <summary>It is whole, and the connection may be used again.</summary>
    Whole,

    /// <summary>It is whole, and the connection is not to be used again.</summary>
    WholeAndLast,

    /// <summary>It is none: not the protocol, or not what was asked for.</summary>
    Wrong,
}

/// <summary>Reads answers one after another from a connection's bytes as they come: does no I/O, makes no garbage an answer.</summary>
public abstract class LoadAnswer
{
    /// <summary>The status code of the last whole answer (HTTP); 0 where there are none.</summary>
    public virtual int Status => 0;

    /// <summary>The answer that comes next is a new one.</summary>
    public abstract void Begin();

    /// <summary>Takes the bytes that came.</summary>
    public abstract AnswerProgress Take(ReadOnlySpan<byte> bytes);

    /// <summary>The peer will send no more: whether the answer is whole by that.</summary>
    public abstract bool IsWholeAtEnd { get; }
}

/// <summary>The answer of an echo server: the bytes that were sent.</summary>
/// <param name="sent">What is sent each time.</param>
internal sealed class EchoAnswer(ReadOnlyMemory<byte> sent) : LoadAnswer
{
    private int _taken;

    public override bool IsWholeAtEnd => false;

    public override void Begin() => _taken = 0;

    public override AnswerProgress Take(ReadOnlySpan<byte> bytes)
    {
        var expected = sent.Span[_taken..];
        if (bytes.Length > expected.Length || !bytes.SequenceEqual(expected[..bytes.Length]))
            return AnswerProgress.Wrong;
        _taken += bytes.Length;
        return _taken == sent.Length ? AnswerProgress.Whole : AnswerProgress.More;
    }
}
