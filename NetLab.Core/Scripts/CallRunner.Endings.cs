using NetLab.Core.Interop;
using static NetLab.Core.Interop.SocketConstants;

namespace NetLab.Core.Scripts;

/// <summary>The ways in which a socket ends: in order, by force, without a word, and deaf.</summary>
internal sealed unsafe partial class CallRunner
{
    private StepResult Abort(StepContext context, LabSocket socket)
    {
        int* linger = stackalloc int[2];
        (linger[0], linger[1]) = (1, 0);
        nint pointer = (nint)linger;
        var result = Plain(context, socket, "setsockopt", "SO_LINGER, 0", () => SocketCalls.SetSockOpt(socket.Fd, SOL_SOCKET, SO_LINGER, (void*)pointer, 8));
        return result.Failed ? result : Close(context, socket);
    }

    private StepResult Close(StepContext context, LabSocket socket)
    {
        var result = Invoke(context, "close", socket.Fd, "", () => socket.Close() is Errno.None ? 0 : -1, restart: false);
        run.Observer.SocketClosed(run.Options.Clock(), socket.Report);
        return result;
    }

    // In repair mode close neither sends FIN nor RST (tcp(7) does not tell of it; the kernel's net/ipv4/tcp.c does).
    private StepResult Vanish(StepContext context, LabSocket socket)
    {
        int* on = stackalloc int[1];
        on[0] = 1;
        nint pointer = (nint)on;
        var result = Plain(context, socket, "setsockopt", "TCP_REPAIR, 1", () => SocketCalls.SetSockOpt(socket.Fd, IPPROTO_TCP, TCP_REPAIR, (void*)pointer, 4));
        if (result.Error == Errno.EPERM)
            result.Words = "vanish takes CAP_NET_ADMIN, which root has; try: sudo ./netlab";
        return result.Failed ? result : Close(context, socket);
    }

    // A filter of one instruction, "ret 0": of every packet let 0 bytes pass (linux/filter.h).
    private StepResult Unplug(StepContext context, LabSocket socket)
    {
        ulong* instruction = stackalloc ulong[1];
        instruction[0] = BPF_RET;
        var program = stackalloc SocketCalls.FilterProgram[1];
        program[0] = new SocketCalls.FilterProgram { Length = 1, Instructions = (nint)instruction };
        nint pointer = (nint)program;
        var result = Plain(context, socket, "setsockopt", "SO_ATTACH_FILTER, ret 0",
            () => SocketCalls.SetSockOpt(socket.Fd, SOL_SOCKET, SO_ATTACH_FILTER, (void*)pointer, (uint)sizeof(SocketCalls.FilterProgram)));
        if (result.Error == Errno.EPERM)
            result.Words = "unplug takes CAP_NET_ADMIN on this kernel; try: sudo ./netlab";
        return result;
    }
}
