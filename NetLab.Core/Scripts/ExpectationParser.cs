using System.Collections.Immutable;
using NetLab.Core.Tcp;

namespace NetLab.Core.Scripts;

/// <summary>Reads the lines that say what the whole run is to come to.</summary>
internal static class ExpectationParser
{
    /// <summary>The forms of an expectation and what each says, for the reference page.</summary>
    public static IReadOnlyList<(string Grammar, string Does, string Example)> Forms { get; } =
    [
        ("expect ACTOR.SOCKET STATE …", "The socket goes through these states and no others up to the end of the run; ... stands for any stretch, and TIME_WAIT may be the end.",
            "expect server.connection SYN_RCVD ESTABLISHED ... TIME_WAIT"),
        ("expect ACTOR sent|received TEXT", "All that the actor sent or received, byte for byte.", "expect client received \"hello word\""),
        ("expect ACTOR sent|received N bytes", "How much it was.", "expect server received 7 bytes"),
        ("expect packet ACTOR FLAGS [N]", "The actor's sockets sent a packet with all these flags: at least one, or exactly so many. What TCP sends again counts once.", "expect packet server FIN 1"),
        ("expect ACTOR VERB [N] before ACTOR VERB [N]", "One step was done before another; N counts the steps of that verb.", "expect server close before client recv 2"),
        ("expect ACTOR VERB [N] takes at least|most DURATION", "How long a step took.", "expect server recv 2 takes at least 30ms"),
        ("expect within DURATION", "How long the run took, from its first step to its last.", "expect within 5s"),
    ];

    private static readonly string[] s_flags = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"];

    public static Expectation Read(LineParser line, int number, string source)
    {
        var token = line.Peek;
        if (token.IsWord && token.Text == "within")
        {
            line.Take();
            var limit = (Duration)line.Read("DURATION");
            line.End();
            return new ExpectWithin(number, source, limit);
        }

        if (token.IsWord && token.Text == "packet")
            return ReadPacket(line, number, source);
        if (token.IsWord && token.Text.Contains('.'))
            return ReadPath(line, number, source);
        if (!token.IsWord || !LineParser.IsName(token.Text))
            throw LineMistake.At(token, "ACTOR.SOCKET, the name of an actor, packet or within");
        return ReadActor(line, number, source);
    }

    private static ExpectPacket ReadPacket(LineParser line, int number, string source)
    {
        line.Take();
        string actor = (string)line.Read("ACTOR");
        byte flags = 0;
        var token = line.Take();
        foreach (string word in token.Text.Split(','))
        {
            int bit = Array.IndexOf(s_flags, word);
            if (bit < 0)
                throw LineMistake.At(token, "TCP flags such as FIN or SYN,ACK: " + Grammar.Or(s_flags));
            flags |= (byte)(1 << bit);
        }

        int? count = null;
        if (!line.Peek.IsEnd)
            count = line.Peek is { IsWord: true, Text: "0" } && line.Take() is not null ? 0 : (int)line.Read("COUNT");
        line.End();
        return new ExpectPacket(number, source, actor, flags, count);
    }

    private static ExpectPath ReadPath(LineParser line, int number, string source)
    {
        var socket = (SocketReference)line.Read("ACTOR.SOCKET");
        var path = ImmutableArray.CreateBuilder<TcpState?>();
        do
        {
            var token = line.Take();
            if (token is { IsWord: true, Text: "..." })
                path.Add(null);
            else if (token.IsWord && TcpStateNames.TryParse(token.Text, out var state))
                path.Add(state);
            else
                throw LineMistake.At(token, Grammar.Describe("STATE") + ", or ... for any stretch");
        }
        while (!line.Peek.IsEnd);
        return new ExpectPath(number, source, socket, path.ToImmutable());
    }

    private static Expectation ReadActor(LineParser line, int number, string source)
    {
        string actor = (string)line.Read("ACTOR");
        var way = line.Take();
        if (way.IsWord && way.Text is "sent" or "received")
            return ReadBytes(line, number, source, actor, way);
        if (!way.IsWord || VerbTable.Find(way.Text) is not { } verb)
            throw LineMistake.At(way, "sent, received or a verb");
        return ReadStep(line, number, source, new StepMark(actor, verb.Name, ReadCount(line)));
    }

    private static Expectation ReadStep(LineParser line, int number, string source, StepMark step)
    {
        var relation = line.Take();
        if (relation is { IsWord: true, Text: "before" })
        {
            var second = new StepMark((string)line.Read("ACTOR"), (string)line.Read("VERB"), ReadCount(line));
            line.End();
            return new ExpectOrder(number, source, step, second);
        }

        if (relation is not { IsWord: true, Text: "takes" })
            throw LineMistake.At(relation, "before or takes");
        var at = line.Take();
        if (at is not { IsWord: true, Text: "at" })
            throw LineMistake.At(at, "at least or at most");
        var bound = line.Take();
        if (!bound.IsWord || bound.Text is not ("least" or "most"))
            throw LineMistake.At(bound, "least or most");
        var length = (Duration)line.Read("DURATION");
        line.End();
        return new ExpectSpan(number, source, step, bound.Text == "least" ? SpanBound.AtLeast : SpanBound.AtMost, length);
    }

    private static int ReadCount(LineParser line) => line.Peek.IsWord && char.IsAsciiDigit(line.Peek.Text[0]) ? (int)line.Read("COUNT") : 1;

    private static ExpectBytes ReadBytes(LineParser line, int number, string source, string actor, Token way)
    {
        var direction = way.Text == "sent" ? Direction.Sent : Direction.Received;
        var what = line.Take();
        if (what.Bytes is not null)
        {
            line.End();
            return new ExpectBytes(number, source, actor, direction, what.Bytes, what.Bytes.Length);
        }

        if (!long.TryParse(what.Text, System.Globalization.NumberStyles.None, null, out long count))
            throw LineMistake.At(what, "a text in quotation marks or a number of bytes");
        var unit = line.Take();
        if (unit is not { IsWord: true, Text: "bytes" or "byte" })
            throw LineMistake.At(unit, "bytes");
        line.End();
        return new ExpectBytes(number, source, actor, direction, null, count);
    }
}
