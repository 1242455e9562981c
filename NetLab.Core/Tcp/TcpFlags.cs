namespace NetLab.Core.Tcp;

/// <summary>The control bits of a TCP header, RFC 9293 section 3.1 (with AE of RFC 9768), as they lie in its bytes 12 and 13.</summary>
[Flags]
public enum TcpFlags : ushort
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary>FIN: no more data from the sender.</summary>
    Fin = 0x001,

    /// <summary>SYN: synchronize sequence numbers.</summary>
    Syn = 0x002,

    /// <summary>RST: reset the connection.</summary>
    Rst = 0x004,

    /// <summary>PSH: push function.</summary>
    Psh = 0x008,

    /// <summary>ACK: the acknowledgment field is significant.</summary>
    Ack = 0x010,

    /// <summary>URG: the urgent pointer is significant.</summary>
    Urg = 0x020,

    /// <summary>ECE: ECN-Echo.</summary>
    Ece = 0x040,

    /// <summary>CWR: congestion window reduced.</summary>
    Cwr = 0x080,

    /// <summary>AE: accurate ECN.</summary>
    Ae = 0x100,
}
