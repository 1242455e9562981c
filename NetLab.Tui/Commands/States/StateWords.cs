using NetLab.Core.Tcp;

namespace NetLab.Tui.Commands;

/// <summary>The names under which users know the states: RFC 9293's, the kernel's, those of ss and netstat; in any case, with - or _.</summary>
internal static class StateWords
{
    private static readonly (string Word, TcpState State)[] s_others =
    [
        ("ESTAB", TcpState.Established), ("SYN_RECV", TcpState.SynRcvd), ("SYN_RECEIVED", TcpState.SynRcvd), ("FIN_WAIT1", TcpState.FinWait1),
        ("FIN_WAIT2", TcpState.FinWait2), ("CLOSE", TcpState.Closed), ("LISTENING", TcpState.Listen),
    ];

    /// <summary>All the names that RFC 9293 gives, for a message.</summary>
    public static string All { get; } = string.Join(", ", Enumerable.Range((int)TcpState.Closed, (int)TcpState.TimeWait).Select(state => ((TcpState)state).Name()));

    /// <summary>Reads a name.</summary>
    public static bool TryParse(string word, out TcpState state)
    {
        string name = word.Replace('-', '_').ToUpperInvariant();
        if (TcpStateNames.TryParse(name, out state))
            return true;
        foreach (var (other, meant) in s_others)
        {
            if (name != other)
                continue;
            state = meant;
            return true;
        }

        return false;
    }
}
