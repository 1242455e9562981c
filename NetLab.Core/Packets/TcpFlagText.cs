namespace NetLab.Core.Packets;

/// <summary>TCP's flags as tcpdump writes them: [S], [S.], [P.], [F.], [R], [.] …</summary>
public static class TcpFlagText
{
    /// <summary>Writes the flags without brackets; "none" where there are none.</summary>
    public static void Write(ref Utf8Line line, TcpFlags flags)
    {
        if ((flags & (TcpFlags)0xFF) == 0)
        {
            line.Text("none"u8);
            return;
        }

        if ((flags & TcpFlags.Fin) != 0)
            line.Character((byte)'F');
        if ((flags & TcpFlags.Syn) != 0)
            line.Character((byte)'S');
        if ((flags & TcpFlags.Rst) != 0)
            line.Character((byte)'R');
        if ((flags & TcpFlags.Psh) != 0)
            line.Character((byte)'P');
        if ((flags & TcpFlags.Ack) != 0)
            line.Character((byte)'.');
        if ((flags & TcpFlags.Urg) != 0)
            line.Character((byte)'U');
        if ((flags & TcpFlags.Ece) != 0)
            line.Character((byte)'E');
        if ((flags & TcpFlags.Cwr) != 0)
            line.Character((byte)'W');
    }
}
