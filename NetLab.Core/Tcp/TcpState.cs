namespace NetLab.Core.Tcp;

/// <summary>The states of a connection, RFC 9293 section 3.3.2, under the names that the project writes.</summary>
public enum TcpState : byte
{
    /// <summary>Not known (yet).</summary>
    Unknown,

    /// <summary>CLOSED: no connection at all.</summary>
    Closed,

    /// <summary>LISTEN: waiting for a connection request from any remote end.</summary>
    Listen,

    /// <summary>SYN_SENT: has sent a connection request and waits for a matching one.</summary>
    SynSent,

    /// <summary>SYN_RCVD: has received and sent a connection request and waits for the confirmation.</summary>
    SynRcvd,

    /// <summary>ESTABLISHED: data flows.</summary>
    Established,

    /// <summary>FIN_WAIT_1: has closed, and waits for the acknowledgement of its FIN or for the peer's FIN.</summary>
    FinWait1,

    /// <summary>FIN_WAIT_2: its FIN is acknowledged; waits for the peer's FIN.</summary>
    FinWait2,

    /// <summary>CLOSE_WAIT: the peer has closed; waits for the own program to close.</summary>
    CloseWait,

    /// <summary>CLOSING: both have closed at once; waits for the acknowledgement of its FIN.</summary>
    Closing,

    /// <summary>LAST_ACK: the peer closed first, then this end; waits for the acknowledgement of its FIN.</summary>
    LastAck,

    /// <summary>TIME_WAIT: waits until every segment of the connection must have left the network (2 MSL).</summary>
    TimeWait,
}

/// <summary>The states' names, as RFC 9293 has them with underscores.</summary>
public static class TcpStateNames
{
    private static readonly string[] Names =
    [
        "UNKNOWN", "CLOSED", "LISTEN", "SYN_SENT", "SYN_RCVD", "ESTABLISHED", "FIN_WAIT_1", "FIN_WAIT_2", "CLOSE_WAIT", "CLOSING", "LAST_ACK",
        "TIME_WAIT",
    ];

    /// <summary>The name, "SYN_SENT"; at most eleven characters.</summary>
    public static string Name(this TcpState state) => (int)state < Names.Length ? Names[(int)state] : Names[0];

    /// <summary>Reads a name, upper case.</summary>
    public static bool TryParse(ReadOnlySpan<char> name, out TcpState state)
    {
        for (int index = 1; index < Names.Length; index++)
        {
            if (!name.SequenceEqual(Names[index]))
                continue;
            state = (TcpState)index;
            return true;
        }

        state = TcpState.Unknown;
        return false;
    }
}
