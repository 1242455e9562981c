using NetLab.Core.Interop;
using static NetLab.Core.Interop.SocketConstants;

namespace NetLab.Core.Scripts;

/// <summary>The calls that move bytes.</summary>
internal sealed unsafe partial class CallRunner
{
    private static int Flags(ReceiveMode mode) => mode switch { ReceiveMode.Peek => MSG_PEEK, ReceiveMode.Truncate => MSG_TRUNC, _ => 0 };

    private StepResult Send(StepContext context, LabSocket socket, Send send)
    {
        long length = (long)send.Text.Length * send.Times;
        if (length > 64 << 20)
            return new StepResult { Refusal = $"{length} bytes are more than the 67108864 that one send may have" };
        var bytes = new byte[length];
        for (int at = 0; at < bytes.Length; at += send.Text.Length)
            send.Text.Span.CopyTo(bytes.AsSpan(at));
        var result = Plain(context, socket, "sendto", $"{Judgement.Show(send.Text.Span)}, {length}", () =>
        {
            fixed (byte* pointer = bytes)
                return SocketCalls.Send(socket.Fd, pointer, (nuint)bytes.Length, MSG_NOSIGNAL);
        });
        if (!result.Failed)
            run.Observer.BytesSent(_callStart, socket.Report, bytes.AsSpan(0, (int)result.Number));
        return result;
    }

    private StepResult SendTo(StepContext context, LabSocket socket, SendTo send)
    {
        if (!Resolve(send.Address, socket, out var address, out string? why))
            return new StepResult { Refusal = why };
        var result = Plain(context, socket, "sendto", $"{Judgement.Show(send.Text.Span)}, {send.Text.Length}, {address}", () => WithAddress(address, (p, n) =>
        {
            fixed (byte* pointer = send.Text.Span)
                return SocketCalls.SendTo(socket.Fd, pointer, (nuint)send.Text.Length, MSG_NOSIGNAL, (byte*)p, n);
        }));
        if (result.Failed)
            return result;
        Name(socket);
        run.Observer.BytesSent(_callStart, socket.Report, send.Text.Span[..(int)result.Number]);
        return result;
    }

    private StepResult Receive(StepContext context, LabSocket socket, int wanted, int flags, bool learnsSender)
    {
        if (_buffer.Length < wanted)
            _buffer = new byte[wanted];
        string words = flags switch { MSG_PEEK => $"{wanted}, MSG_PEEK", MSG_TRUNC => $"{wanted}, MSG_TRUNC", _ => $"{wanted}" };
        SocketAddress from = default;
        var result = Plain(context, socket, "recvfrom", words, () =>
        {
            fixed (byte* pointer = _buffer)
            {
                if (!learnsSender)
                    return SocketCalls.Recv(socket.Fd, pointer, (nuint)wanted, flags);
                uint length = SocketAddress.Capacity;
                fixed (byte* sender = from.Bytes)
                {
                    long count = SocketCalls.RecvFrom(socket.Fd, pointer, (nuint)wanted, flags, sender, &length);
                    from.Length = count < 0 ? 0 : length;
                    return count;
                }
            }
        });
        if (result.Failed)
            return result;
        if (learnsSender)
            _sender = from;
        // With MSG_TRUNC the result may exceed what the buffer holds.
        result.Received = _buffer.AsSpan(0, (int)Math.Min(result.Number, wanted)).ToArray();
        if (flags != MSG_PEEK)
            run.Observer.BytesReceived(_callEnd, socket.Report, result.Received);
        return result;
    }

    private StepResult ReceiveExactly(StepContext context, LabSocket socket, Receive receive)
    {
        var all = new byte[receive.Bytes];
        int have = 0;
        while (have < all.Length)
        {
            var part = Receive(context, socket, all.Length - have, 0, false);
            if (part.Failed)
                return part;
            if (part.Number == 0)
            {
                return new StepResult
                {
                    Number = -1,
                    Words = $"was expecting {all.Length} bytes but only received {have} bytes before the socket closed",
                };
            }

            part.Received!.CopyTo(all, have);
            have += part.Received.Length;
        }

        return new StepResult { Number = have, Received = all };
    }
}
