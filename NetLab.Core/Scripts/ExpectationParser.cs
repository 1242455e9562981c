using System.Collections.Immutable;
using NetLab.Core.Tcp;

namespace NetLab.Core.Scripts;

/// <summary>Reads the lines that say what the whole run is to come to.</summary>
internal static class ExpectationParser
{
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
        return ReadBytes(line, number, source);
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

    private static ExpectBytes ReadBytes(LineParser line, int number, string source)
    {
        string actor = (string)line.Read("ACTOR");
        var way = line.Take();
        if (!way.IsWord || way.Text is not ("sent" or "received"))
            throw LineMistake.At(way, "sent or received");
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
