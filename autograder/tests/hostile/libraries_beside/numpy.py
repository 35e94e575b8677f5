print("REACHED", __name__)
raise SystemExit("REACHED")
