namespace NetLab.Core.Tcp;

/// <summary>Whether RFC 9293 draws a change of state or only words it.</summary>
public enum TransitionOrigin : byte
{
    /// <summary>An arrow of figure 5.</summary>
    Figure,

    /// <summary>In the text alone: a reset, a user timeout, a FIN that arrives with the handshake's last ACK (sections 3.8.3 and 3.10.7).</summary>
    Text,
}

/// <summary>A change of state that RFC 9293 knows.</summary>
/// <param name="From">The state that ends.</param>
/// <param name="To">The state that begins.</param>
/// <param name="Event">What makes it happen, as the figure writes it: "rcv SYN", "close".</param>
/// <param name="Action">What the end does with it: "snd SYN,ACK"; empty for nothing.</param>
/// <param name="Origin">Where it stands.</param>
public readonly record struct Transition(TcpState From, TcpState To, string Event, string Action, TransitionOrigin Origin)
{
    /// <summary>Event and action on one line, "rcv SYN / snd SYN,ACK".</summary>
    public string Label { get; } = Action.Length == 0 ? Event : $"{Event} / {Action}";
}

/// <summary>RFC 9293 section 3.3.2, figure 5, as data, and the changes beside it that its text adds.</summary>
public static class TransitionTable
{
    private const int States = (int)TcpState.TimeWait + 1;

    private static readonly Transition[] s_all =
    [
        Drawn(TcpState.Closed, TcpState.Listen, "passive open", "create TCB"),
        Drawn(TcpState.Closed, TcpState.SynSent, "active open", "snd SYN"),
        Drawn(TcpState.Listen, TcpState.Closed, "close", "delete TCB"),
        Drawn(TcpState.Listen, TcpState.SynRcvd, "rcv SYN", "snd SYN,ACK"),
        Drawn(TcpState.Listen, TcpState.SynSent, "send", "snd SYN"),
        Drawn(TcpState.SynSent, TcpState.Closed, "close", "delete TCB"),
        Drawn(TcpState.SynSent, TcpState.SynRcvd, "rcv SYN", "snd SYN,ACK"),
        Drawn(TcpState.SynSent, TcpState.Established, "rcv SYN,ACK", "snd ACK"),
        Drawn(TcpState.SynRcvd, TcpState.Listen, "rcv RST", ""),
        Drawn(TcpState.SynRcvd, TcpState.Established, "rcv ACK of SYN", ""),
        Drawn(TcpState.SynRcvd, TcpState.FinWait1, "close", "snd FIN"),
        Drawn(TcpState.Established, TcpState.FinWait1, "close", "snd FIN"),
        Drawn(TcpState.Established, TcpState.CloseWait, "rcv FIN", "snd ACK"),
        Drawn(TcpState.FinWait1, TcpState.FinWait2, "rcv ACK of FIN", ""),
        Drawn(TcpState.FinWait1, TcpState.Closing, "rcv FIN", "snd ACK"),
        Drawn(TcpState.FinWait1, TcpState.TimeWait, "rcv FIN,ACK of FIN", "snd ACK"),
        Drawn(TcpState.FinWait2, TcpState.TimeWait, "rcv FIN", "snd ACK"),
        Drawn(TcpState.CloseWait, TcpState.LastAck, "close", "snd FIN"),
        Drawn(TcpState.Closing, TcpState.TimeWait, "rcv ACK of FIN", ""),
        Drawn(TcpState.LastAck, TcpState.Closed, "rcv ACK of FIN", ""),
        Drawn(TcpState.TimeWait, TcpState.Closed, "2MSL timeout", "delete TCB"),

        Worded(TcpState.SynRcvd, TcpState.CloseWait, "rcv FIN", "snd ACK"),
        Worded(TcpState.SynSent, TcpState.Closed, "rcv RST", ""),
        Worded(TcpState.SynSent, TcpState.Closed, "user timeout", ""),
        Worded(TcpState.SynRcvd, TcpState.Closed, "rcv RST", ""),
        Worded(TcpState.Established, TcpState.Closed, "rcv RST", ""),
        Worded(TcpState.FinWait1, TcpState.Closed, "rcv RST", ""),
        Worded(TcpState.FinWait2, TcpState.Closed, "rcv RST", ""),
        Worded(TcpState.CloseWait, TcpState.Closed, "rcv RST", ""),
        Worded(TcpState.Closing, TcpState.Closed, "rcv RST", ""),
        Worded(TcpState.LastAck, TcpState.Closed, "rcv RST", ""),
        Worded(TcpState.TimeWait, TcpState.Closed, "rcv RST", ""),
        Worded(TcpState.SynRcvd, TcpState.Closed, "abort", "snd RST"),
        Worded(TcpState.Established, TcpState.Closed, "abort", "snd RST"),
        Worded(TcpState.FinWait1, TcpState.Closed, "abort", "snd RST"),
        Worded(TcpState.FinWait2, TcpState.Closed, "abort", "snd RST"),
        Worded(TcpState.CloseWait, TcpState.Closed, "abort", "snd RST"),
    ];

    // The place of the first edge from a state to another, plus one: the figure's arrows come first.
    private static readonly byte[] s_places = Places();

    /// <summary>Every change, the figure's arrows first.</summary>
    public static ReadOnlySpan<Transition> All => s_all;

    /// <summary>Whether an end may go from one state to the other at once.</summary>
    public static bool IsLegal(TcpState from, TcpState to) => Place(from, to) != 0;

    /// <summary>The edge from one state to another, the figure's before the text's.</summary>
    public static bool TryFind(TcpState from, TcpState to, out Transition transition)
    {
        int place = Place(from, to);
        transition = place == 0 ? default : s_all[place - 1];
        return place != 0;
    }

    /// <summary>Whether an end may go through these states one after the other; a path may begin and end anywhere.</summary>
    public static bool IsLegal(ReadOnlySpan<TcpState> path)
    {
        for (int index = 1; index < path.Length; index++)
        {
            if (!IsLegal(path[index - 1], path[index]))
                return false;
        }

        return true;
    }

    private static int Place(TcpState from, TcpState to) =>
        (int)from < States && (int)to < States ? s_places[(int)from * States + (int)to] : 0;

    private static byte[] Places()
    {
        var places = new byte[States * States];
        for (int index = s_all.Length - 1; index >= 0; index--)
            places[(int)s_all[index].From * States + (int)s_all[index].To] = (byte)(index + 1);
        return places;
    }

    private static Transition Drawn(TcpState from, TcpState to, string happening, string action) => new(from, to, happening, action, TransitionOrigin.Figure);

    private static Transition Worded(TcpState from, TcpState to, string happening, string action) => new(from, to, happening, action, TransitionOrigin.Text);
}
